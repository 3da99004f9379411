export interface Command {
  /** After the name, in the list of commands. */
  summary: string
  /** Gives the exit status. Throws a CommandError for what a person can put right. */
  run(): Promise<number>
}

/** Told to the person who typed the command: what is wrong and what to do. No stack. */
export class CommandError extends Error {}

export const say = (line: string) => process.stdout.write(`${line}\n`)
