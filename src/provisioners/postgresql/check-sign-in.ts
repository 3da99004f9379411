import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { Secret } from '../../secret.ts'
import { type Finding, failed } from '../check-lines.ts'
import type { CheckedDatabase, Position, Target } from '../provisioner.ts'
import type { Connections } from './connection.ts'
import { actingFor } from './give-away.ts'
import { hbaLines } from './hba.ts'
import { checkMark, groupName, literal, quoted, standbyOnly } from './names.ts'
import { whyNotIn } from './prove.ts'
import { positionOf } from './roles.ts'
import { endSessions } from './sessions.ts'
import { untilReplayed } from './standby.ts'
import { transaction } from './transaction.ts'
import { scramVerifier } from './verifier.ts'

interface Trial {
  connections: Connections
  user: string
  password: Secret
  /** All that let somebody in. */
  everywhere: readonly string[]
  standby: boolean
}

/** Signs in where it should, and tries to where it should not; gone afterwards, also what an earlier check has left. */
export function checkSignIn(
  connections: Connections,
  databases: readonly CheckedDatabase[],
  standby: boolean,
): Promise<Finding> {
  return connections.asAdmin('primary', async client => {
    // Another check would take the account away meanwhile. Gone with this connection.
    await client.query(`select pg_advisory_lock(hashtext($1))`, [checkMark])
    await dropLeftovers(client, connections)
    const trial: Trial = {
      connections,
      user: `gatehouse_check_${randomBytes(6).toString('hex')}`,
      password: new Secret(randomBytes(18).toString('base64url')),
      everywhere: await databasesOf(client),
      standby,
    }
    try {
      await makeAccount(client, trial)
      return (await findHole(client, trial, databases)) ?? wordsOf(databases, standby)
    } finally {
      await dropLeftovers(client, connections)
    }
  })
}

async function databasesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select datname::text as name from pg_database where datallowconn order by 1',
  )
  return rows.map(row => row.name)
}

/** The password of one that is left behind is known to nobody; it ends soon all the same. */
async function makeAccount(client: pg.Client, { user, password }: Trial): Promise<void> {
  await transaction(client, async () => {
    const { rows } = await client.query<{ soon: string }>(
      `select (now() + interval '10 minutes')::text as soon`,
    )
    await client.query(
      `create role ${quoted(user)} login password ${literal(scramVerifier(password))} valid until ${literal(rows[0]?.soon ?? '')}`,
    )
    await client.query(`comment on role ${quoted(user)} is ${literal(checkMark)}`)
  })
}

async function dropLeftovers(client: pg.Client, { options }: Connections): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select rolname::text as name from pg_roles
      where rolname like 'gatehouse\\_check\\_%' and shobj_description(oid, 'pg_authid') = $1`,
    [checkMark],
  )
  for (const { name } of rows) {
    await endSessions(client, { name, database: options.database })
    await transaction(client, async () => {
      // REVOKE picks who is said to have granted it; this takes every grant away, whoever made it.
      await actingFor(client, [name], async () => void (await client.query(`drop owned by ${quoted(name)}`)))
      await client.query(`drop role ${quoted(name)}`)
    })
  }
}

/** Null: there is none. */
async function findHole(
  client: pg.Client,
  trial: Trial,
  databases: readonly CheckedDatabase[],
): Promise<Finding | null> {
  const open = await whereItGetsIn(trial, trial.everywhere)
  if (open) return failed(`An account without any grant gets into the database ${open}.`)
  for (const one of databases) {
    if (one.production && !trial.standby) continue
    const hole = await asMemberOf(client, trial, one)
    if (hole !== null) return failed(hole)
  }
  return null
}

async function whereItGetsIn(trial: Trial, databases: readonly string[]): Promise<string | undefined> {
  for (const database of databases) if ((await whyNot(trial, 'primary', database)) === null) return database
  return undefined
}

/** As an account of the asset would be: in its group, and nowhere else. */
async function asMemberOf(client: pg.Client, trial: Trial, one: CheckedDatabase): Promise<string | null> {
  const groups = [groupName(one.group, one.production), ...(one.production ? [standbyOnly] : [])].map(quoted)
  for (const group of groups) await client.query(`grant ${group} to ${quoted(trial.user)}`)
  const hole = one.production
    ? await tryProduction(trial, one, await positionOf(client))
    : await tryPrimary(trial, one)
  for (const group of groups) await client.query(`revoke ${group} from ${quoted(trial.user)}`)
  return hole
}

/** How many others are tried as a member of each group: that nobody else gets in has been seen for all of them. */
const mostOthers = 3

async function tryPrimary(trial: Trial, { asset, database, group }: CheckedDatabase): Promise<string | null> {
  const why = await whyNot(trial, 'primary', database)
  if (why !== null) return `An account of ${asset} does not get into ${database}: ${why}.`
  if ((await whyNot(trial, 'primary', database, new Secret('not its password'))) === null)
    return `Accounts get into ${database} with any password: pg_hba.conf has a line with trust for them. Put scram-sha-256 there.`
  const others = trial.everywhere.filter(other => other !== database).slice(0, mostOthers)
  const open = await whereItGetsIn(trial, others)
  return open
    ? `An account of ${asset} also gets into the database ${open}. Take CONNECT there from ${groupName(group, false)}.`
    : null
}

/** Read-only: let in on the standby, and nowhere on the primary. */
async function tryProduction(
  trial: Trial,
  { asset, database }: CheckedDatabase,
  position: Position,
): Promise<string | null> {
  const { connections } = trial
  const lines = hbaLines(connections.adminName)
  if ((await whyNot(trial, 'primary', database)) === null)
    return `A read-only account of production gets into the primary. Put these lines first into its pg_hba.conf, and reload it: ${lines.join(' / ')}`
  await untilReplayed(connections, position)
  const why = await whyNot(trial, 'standby', database)
  if (why !== null)
    return `A read-only account of production (${asset}) does not get into the standby: ${why}. There the line “${lines[1]}” must not stand in pg_hba.conf.`
  if ((await whyNot(trial, 'standby', database, new Secret('not its password'))) === null)
    return `Accounts get into ${database} on the standby with any password: its pg_hba.conf has a line with trust for them. Put scram-sha-256 there.`
  return null
}

const whyNot = (
  { connections, user, password }: Trial,
  target: Target,
  database: string,
  another = password,
): Promise<string | null> =>
  whyNotIn(connections, target, { user, password: another, database, application: checkMark })

function wordsOf(databases: readonly CheckedDatabase[], standby: boolean): string {
  const nowhere = 'It gets into no database without a grant'
  if (!standby || !databases.some(one => one.production))
    return `${nowhere}, and with the rights of an asset into its own only.`
  return `${nowhere}; with the rights of production, into the standby only. After a failover the lines of pg_hba.conf have to change places: they stand on the primary and not on the standby.`
}
