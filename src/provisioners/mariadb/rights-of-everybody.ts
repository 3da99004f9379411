import type { Ask } from './dialect.ts'
import { literal } from './names.ts'

/** An account without a name lets everybody in; a right of it is everybody's. Gives what takes it away. */
export async function anonymousRights(ask: Ask): Promise<string[]> {
  const users = await ask<{ host: string }>(
    `select host as host from mysql.user where user = '' and host <> ''`,
  )
  const rights = await ask<{ place: string; host: string }>(
    `select db as place, host as host from mysql.db where user = ''`,
  )
  return [
    ...users.map(({ host }) => `DROP USER ''@${literal(host)};`),
    ...rights.map(
      ({ place, host }) =>
        `DELETE FROM mysql.db WHERE user = '' AND host = ${literal(host)} AND db = ${literal(place)}; FLUSH PRIVILEGES;`,
    ),
  ]
}
