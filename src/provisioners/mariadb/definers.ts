import { query, type Session } from './session.ts'

const kinds = [
  { table: 'views', one: 'view', many: 'views' },
  { table: 'triggers', one: 'trigger', many: 'triggers' },
  { table: 'routines', one: 'routine', many: 'routines' },
  { table: 'events', one: 'event', many: 'events' },
] as const

/**
 * What goes by the account's name and stops working without it: reported, as nobody but the server's owners can tell
 * who should have it. As far as the portal's own account can see it.
 */
export async function definedBy(session: Session, name: string): Promise<string[]> {
  const notes: string[] = []
  for (const { table, one, many } of kinds) {
    const [row] = await query<{ count: number }>(
      session,
      `select count(*) as count from information_schema.${table} where binary definer = ?`,
      [`${name}@%`],
    )
    const count = Number(row?.count ?? 0)
    if (count > 0)
      notes.push(
        `${count} ${count === 1 ? one : many} had it as DEFINER and ${count === 1 ? 'needs' : 'need'} another one.`,
      )
  }
  return notes
}
