import { z } from 'zod'
import { argvTemplate } from '../argv-template.ts'

/** What a program is asked to do; each has a template of its own or shares one that has {{verb}} in it. */
export const verbs = [
  'check',
  'identify',
  'who',
  'ensure',
  'password',
  'extend',
  'prove',
  'lock',
  'drop',
  'list',
  'adopt',
  'certificate',
] as const
export type Verb = (typeof verbs)[number]

/** What templates may say. */
export const placeholders = [
  'verb',
  'name',
  'mark',
  'database',
  'group',
  'rights',
  'target',
  'until',
  'host',
  'port',
  'admin',
] as const

const template = argvTemplate(placeholders)

/**
 * `program` serves every verb that has none of its own under `verbs`. On standard input: the account's password on the
 * first line, the server's own on the second; either is empty where there is none.
 */
export const commandOptions = z.strictObject({
  program: template,
  verbs: z.partialRecord(z.enum(verbs), template).default({}),
  seconds: z.number().int().min(1).max(600).default(30),
  /** Verbs the program doesn't know: the portal goes on without. */
  without: z.array(z.enum(['extend', 'identify', 'certificate', 'adopt'])).default([]),
})
export type CommandOptions = z.infer<typeof commandOptions>
