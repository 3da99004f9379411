import { type QueryExecutorProvider, sql } from 'kysely'

const portal = {
  id: 'self-service-portal',
  name: 'Self-Service Portal',
  description: 'Self-Service Portal Access',
  aliases: ['Portal', 'SSP'],
  kind: 'portal',
  warning: '',
}

const communications = {
  id: 'client-communications-center',
  name: 'Client Communications Center',
  description: 'Client Communications Center Access',
  aliases: ['Client Communication Center', 'CCC'],
  kind: 'communications',
  warning:
    'Requesting access to the Client Communications Center for asset {{asset}} will grant you access to the Client Communications Center Dashboard for the customer that owns the asset. You only need to request it for one asset per organization. You will be automatically subscribed to email notifications. You can unsubscribe by following the unsubscribe option located in the notification emails.',
}

/** The access types every portal begins with. What an operator has changed or withdrawn stays so. */
export async function seedAccessTypes(db: QueryExecutorProvider): Promise<void> {
  for (const [position, type] of [portal, communications].entries())
    await sql`
      insert into access_types (id, name, description, aliases, kind, scope, warning, sort, created_at)
      values (${type.id}, ${type.name}, ${type.description}, ${JSON.stringify(type.aliases)}, ${type.kind}, 'customer',
        ${type.warning}, ${(position + 1) * 10}, '2026-01-01T00:00:00.000Z')
      on conflict (id) do nothing`.execute(db)
}
