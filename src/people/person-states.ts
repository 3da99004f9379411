import type { PersonStatus, Role } from '../../db/schema.ts'

export const roles = ['OPERATOR', 'MANAGER', 'STD_USER'] as const satisfies readonly Role[]

/** A new person is PENDING CREATE until they set a password; an operator takes ACTIVE away and gives it back. */
export const personStatuses = [
  'PENDING CREATE',
  'ACTIVE',
  'INACTIVE',
] as const satisfies readonly PersonStatus[]
