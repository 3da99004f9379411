import { databaseDrift } from '../../views/emails/database-drift.ts'
import type { Deps, Tx } from '../deps.ts'
import { paths } from '../paths.ts'
import { driftKinds } from './drift-words.ts'
import type { Drift } from './find-drift.ts'
import { mailOperatorsAboutServer } from './operator-mails.ts'
import type { DatabaseServer } from './servers.ts'

/** To every operator: what a comparison has found that was not known before. */
export const mailDrift = (
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  server: DatabaseServer,
  fresh: readonly Drift[],
): Promise<void> =>
  mailOperatorsAboutServer(tx, deps, server, 'database-drift', name =>
    databaseDrift({
      name,
      server: server.name,
      findings: fresh.map(({ kind, name: account, detail }) => ({
        what: driftKinds[kind].label,
        account,
        detail,
      })),
      address: `${deps.config.PUBLIC_URL}${paths.adminDrift()}`,
    }),
  )
