import { z } from 'zod'
import type { FormState } from '../../views/ui/form-state.ts'
import type { Ctx, Flash } from '../http/env.ts'
import { withErrors } from '../http/forms.ts'
import { problem, seeOther } from '../http/respond.ts'
import type { Result } from '../result.ts'

export type FormStatus = 200 | 409 | 422
export type Redraw = (form: FormState, status: FormStatus) => Response | Promise<Response>

/** After a form: on to a page, or the form again with what was typed and what is wrong. */
export async function answerForm<T>(
  c: Ctx,
  form: Pick<FormState, 'values'>,
  result: Result<T>,
  redraw: Redraw,
  done: (value: T) => { path: string; said: Flash | string },
): Promise<Response> {
  if (result.ok) {
    const { path, said } = done(result.value)
    return seeOther(c, path, said)
  }
  const { problem: found } = result
  if (found.kind === 'invalid') return redraw(withErrors(form, found.fields), 422)
  if (found.kind === 'conflict') return redraw(withErrors(form, { '': found.message }), 409)
  return problem(c, found)
}

/** After a lone button: on to a page in any case, where a conflict is told. */
export async function answerAct<T>(
  c: Ctx,
  result: Result<T>,
  path: string,
  said: (value: T) => string,
): Promise<Response> {
  if (result.ok) return seeOther(c, path, said(result.value))
  if (result.problem.kind === 'conflict')
    return seeOther(c, path, { kind: 'warning', text: result.problem.message })
  return problem(c, result.problem)
}

/** Fields of a form whose number is not known beforehand: they are read by name, row by row. */
export const AnyFields = z.record(z.string(), z.string())
