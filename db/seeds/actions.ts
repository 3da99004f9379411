import { type QueryExecutorProvider, sql } from 'kysely'

/** Assets of this product are offered the built-in actions. */
export const mainApplication = 'Asset Management'

const verbs = [
  { verb: 'Start', description: 'Starts the application. Nothing happens where it already runs.' },
  { verb: 'Stop', description: 'Stops the application. Nobody can work in it until it is started again.' },
  { verb: 'Restart', description: 'Stops the application and starts it again.' },
]

/** The actions every portal begins with. What an operator has changed or withdrawn stays so. */
export async function seedActions(db: QueryExecutorProvider): Promise<void> {
  for (const [position, { verb, description }] of verbs.entries())
    await sql`
      insert into actions (id, name, description, aliases, mode, production, products, sort)
      values (${`${verb.toLowerCase()}-application`}, ${`${verb} Asset Management Application`}, ${description},
        ${JSON.stringify([`${verb} Application`])}, 'exclusive', 'per-asset', ${JSON.stringify([mainApplication])},
        ${(position + 1) * 10})
      on conflict (id) do nothing`.execute(db)
}
