import { z } from 'zod'
import { ProvisionerError } from './provisioner.ts'

const placeholder = /\{\{([^{}]*)\}\}/g

/** An argument vector with `{{name}}` inside single arguments; the program itself is fixed. */
export const argvTemplate = (names: readonly string[]) =>
  z
    .array(
      z
        .string()
        .min(1)
        .max(4000)
        .refine(text => !text.includes('\0'), 'holds a NUL character'),
    )
    .min(1)
    .max(50)
    .superRefine((argv, check) => {
      if (argv[0]?.includes('{{'))
        check.addIssue({ code: 'custom', message: 'The program itself has to be fixed.' })
      for (const [, name = ''] of argv.join('\n').matchAll(placeholder))
        if (!names.includes(name))
          check.addIssue({
            code: 'custom',
            message: `There is no {{${name}}} here. Use ${names.map(one => `{{${one}}}`).join(', ')}.`,
          })
    })

/** Fills it in. A value can't become an option: it may not begin with a minus where it begins an argument. */
export const fillIn = (argv: readonly string[], values: Readonly<Record<string, string>>): string[] =>
  argv.map(argument =>
    argument.replaceAll(placeholder, (_whole, name: string, at: number) => {
      const value = values[name] ?? ''
      if (value.includes('\0') || (at === 0 && value.startsWith('-')))
        throw new ProvisionerError(
          'failed',
          `${name} is “${value.slice(0, 40)}”, which can’t be passed to a program.`,
        )
      return value
    }),
  )
