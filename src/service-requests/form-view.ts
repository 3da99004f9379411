import type { RequestFormProps } from '../../views/service-requests/request-form.tsx'
import type { FieldErrors } from '../result.ts'
import { startWords } from './requested-start.ts'
import type { TypedRequest, Understood } from './understand.ts'

type FormView = Omit<RequestFormProps, 'chrome' | 'action' | 'hidden' | 'cancelHref' | 'piece'>

/** What the form is drawn from: everything typed, and what the portal made of it. */
export function formView(typed: TypedRequest, understood: Understood, errors: FieldErrors): FormView {
  const { environment, offer, start } = understood
  return {
    form: { values: valuesOf(typed, understood), errors },
    zone: typed.requested_zone,
    startWords: start.kind === 'at' ? startWords(start.start.instant, start.start.zone) : '',
    startChoices: choicesOf(understood),
    environment,
    requestedAction: offer?.action ?? null,
  }
}

/** Before Save nothing is missing yet; what was typed and can't be understood is said at once. */
export function errorsSoFar(typed: TypedRequest, { errors }: Understood): FieldErrors {
  const typedOnes = ['requested_start', 'target_environment', 'requested_action'] as const
  return Object.fromEntries(
    typedOnes.flatMap(name => {
      const error = errors[name]
      return error !== undefined && typed[name].trim() !== '' ? [[name, error]] : []
    }),
  )
}

/** An environment or action that was found is written by its full name. */
function valuesOf({ own, ...typed }: TypedRequest, { environment, offer }: Understood) {
  return {
    ...typed,
    ...own,
    target_environment: environment?.id ?? typed.target_environment,
    requested_action: offer?.action.name ?? typed.requested_action,
  }
}

/** Once answered the question stays, so that the answer can be changed. */
function choicesOf({ start }: Understood): RequestFormProps['startChoices'] {
  if (start.kind === 'ambiguous') return start.choices
  return start.kind === 'at' ? start.choices : []
}
