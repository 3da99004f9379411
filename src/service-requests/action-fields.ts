import { z } from 'zod'

/** One typed field of an action's own form, defined by operators. */
export const actionField = z
  .object({
    /** Used as {{field.NAME}} in runbooks. */
    name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
    label: z.string().min(1).max(100),
    type: z.enum(['text', 'textarea', 'number', 'checkbox', 'select', 'date']),
    required: z.boolean().default(false),
    hint: z.string().max(300).default(''),
    /** text: the whole value must match. */
    pattern: z.string().max(200).optional(),
    /** Said when the pattern does not match. */
    patternHelp: z.string().max(200).optional(),
    maxLength: z.number().int().min(1).max(4000).default(250),
    min: z.number().optional(),
    max: z.number().optional(),
    /** select only. */
    options: z.array(z.object({ value: z.string().min(1), label: z.string().min(1) }).strict()).default([]),
    default: z.string().default(''),
  })
  .strict()

export const actionFields = z.array(actionField).max(20)
export type ActionField = z.infer<typeof actionField>
/** Values by field name; a ticked checkbox is 'yes', an unticked one ''. */
export type FieldValues = Readonly<Record<string, string>>
export const fieldValues = z.record(z.string(), z.string())
