import type { PersonStatus, Role } from '../../db/schema.ts'

export const roles = ['OPERATOR', 'MANAGER', 'STD_USER'] as const satisfies readonly Role[]

/** A new person is PENDING CREATE until a worker has made them ACTIVE and mailed them a sign-in link. */
export const personStatuses = [
  'PENDING CREATE',
  'ACTIVE',
  'INACTIVE',
] as const satisfies readonly PersonStatus[]
