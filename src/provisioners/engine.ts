import type { z } from 'zod'
import type { Provisioner, ProvisionerDeps, ServerAccess } from './provisioner.ts'

/** A kind of system that the portal makes accounts on: one folder, one line in the registry. */
export interface EngineDefinition {
  /** As operators choose it. */
  label: string
  defaultPort: number
  /** Options of its own, as an operator gives them; unknown ones are refused. */
  options: z.ZodType<Readonly<Record<string, unknown>>>
  /** What to know before using it, in a sentence or two; shown with the form. */
  hint: string
  open(access: ServerAccess, deps: ProvisionerDeps): Provisioner
  /** Ways to connect, to be copied; never with the password. */
  connectionStrings(to: ConnectionTarget): readonly { label: string; text: string }[]
}

export interface ConnectionTarget {
  account: string
  host: string
  port: number
  database: string
}
