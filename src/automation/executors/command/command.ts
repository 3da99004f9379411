import { quoted } from '../../programs/quote.ts'
import type { CommandStep } from '../../runbook.ts'
import type { Executor } from '../executor.ts'

/** Runs a program to its end; exit status 0 is success. */
export const command: Executor<CommandStep> = {
  describe: ({ argv }) => [quoted(argv)],
  run: (step, at) => at.runProgram(step),
  resume: (step, at) => at.followProgram(step),
  traces: async () => '',
}
