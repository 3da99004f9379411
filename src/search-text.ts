/** How texts are kept and asked for in substring search: without case and accents, the same on both engines. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()

/** Pattern for `like ? escape '\'` that finds the text anywhere, taken literally. */
export const containing = (text: string): string => `%${fold(text).replace(/[\\%_]/g, '\\$&')}%`
