/**
 * Whether a statement was refused because a row with these values exists already. On PostgreSQL the transaction it
 * happened in can only be rolled back: catch it outside, or use a savepoint.
 */
export function isUniqueViolation(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
}
