import { z } from 'zod'

/**
 * What an action really does on an asset: ordered steps. `{{asset.id}}`, `{{asset.NAME}}` (its variables),
 * `{{request.id}}`, `{{request.summary}}` and `{{field.NAME}}` are replaced inside single arguments, never split.
 * Environment values may be `{ "secret": "env:GATEHOUSE_SECRET_NAME" }` or `{ "secret": "file:/path" }`: referenced, not embedded.
 */
const secretRef = z
  .object({ secret: z.string().regex(/^(env:GATEHOUSE_SECRET_[A-Z0-9_]+|file:\/.+)$/) })
  .strict()
const environment = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.union([z.string(), secretRef]))
const argv = z.array(z.string().min(1).max(4096)).min(1).max(64)
const stepBase = {
  name: z.string().min(1).max(100),
  timeLimit: z.number().int().min(1).max(86_400).default(600),
}

const commandStep = z
  .object({
    ...stepBase,
    executor: z.literal('command'),
    argv,
    env: environment.default({}),
    folder: z.string().optional(),
    /** Seconds from SIGTERM to SIGKILL when it is ended: by the time limit or an operator. */
    stopWait: z.number().int().min(0).max(600).default(10),
    /** One stream for both outputs: their order is then exact, their names are not told apart. */
    merge: z.boolean().default(false),
  })
  .strict()
const processStep = z
  .object({
    ...stepBase,
    executor: z.literal('process'),
    /** start and stop succeed when it already is so. check succeeds when it runs and answers. */
    operation: z.enum(['start', 'stop', 'restart', 'check']),
    /** Name of the supervised program; one of a name at a time. */
    process: z.string().min(1).max(200),
    argv,
    env: environment.default({}),
    folder: z.string().optional(),
    /** Its own output goes there, appended. */
    output: z.string(),
    /** Healthy when this answers 2xx. */
    healthUrl: z.string().optional(),
    /** Seconds from SIGTERM to SIGKILL. */
    stopWait: z.number().int().min(0).max(600).default(20),
  })
  .strict()

const runbookStep = z.discriminatedUnion('executor', [commandStep, processStep])

export const runbookDefinition = z
  .object({
    steps: z.array(runbookStep).min(1).max(50),
    onFailure: z.array(runbookStep).max(20).default([]),
    /** Declared by its author: running it again after a crash does no harm. */
    safeToRepeat: z.boolean().default(false),
  })
  .strict()

export type RunbookDefinition = z.infer<typeof runbookDefinition>
export type RunbookStep = z.infer<typeof runbookStep>
export type CommandStep = z.infer<typeof commandStep>
export type ProcessStep = z.infer<typeof processStep>
