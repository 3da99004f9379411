import type { MailText } from '../../views/emails/service-request.ts'
import type { Deps, Tx } from '../deps.ts'
import { enqueueMails } from '../mail/outbox.ts'
import { activeOperators } from '../people/operators.ts'
import type { DatabaseServer } from './servers.ts'

/** To every operator; `write` is given the reader's name. */
export async function mailOperatorsAboutServer(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  server: Pick<DatabaseServer, 'id'>,
  /** File name under views/emails. */
  template: string,
  write: (name: string) => MailText,
): Promise<void> {
  const operators = await activeOperators(tx)
  await enqueueMails(
    tx,
    deps,
    operators.map(operator => ({
      ...write(operator.display_name),
      toAddress: operator.primary_email,
      toPerson: operator.id,
      template,
      about: { type: 'database-server', id: server.id },
    })),
  )
}
