/** A command as one would type it: for reading only, never given to a shell. */
export const quoted = (argv: readonly string[]): string =>
  argv
    .map(argument =>
      /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`,
    )
    .join(' ')
