/** Messages by field name; '' for what belongs to no single field. */
export type FieldErrors = Readonly<Record<string, string>>

export type Problem =
  | { kind: 'not_found'; message?: string }
  | { kind: 'forbidden'; message: string }
  | { kind: 'conflict'; message: string }
  | { kind: 'invalid'; message: string; fields: FieldErrors }
  | { kind: 'too_many'; message: string; retryAfterSeconds: number }

export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })
export const fail = (problem: Problem): { ok: false; problem: Problem } => ({ ok: false, problem })

export const notFound = () => fail({ kind: 'not_found' })
export const forbidden = (message: string) => fail({ kind: 'forbidden', message })
export const conflict = (message: string) => fail({ kind: 'conflict', message })
export const invalid = (fields: FieldErrors, message = 'There is something to correct.') =>
  fail({ kind: 'invalid', message, fields })

export const statusOf = {
  not_found: 404,
  forbidden: 403,
  conflict: 409,
  invalid: 422,
  too_many: 429,
} as const satisfies Record<Problem['kind'], number>
