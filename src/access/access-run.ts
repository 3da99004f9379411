import { z } from 'zod'
import type { Row, RunPurpose } from '../../db/schema.ts'
import { runbookDefinition } from '../automation/runbook.ts'
import { createRun, latestGrant, latestRunOfAccess, type RunPlan, valuesOf } from '../automation/runs.ts'
import type { Deps, Tx } from '../deps.ts'
import type { Lease } from '../jobs/lease.ts'
import type { AccessType } from './access-types.ts'
import type { Access } from './change-access.ts'

/** A run of an access in the hands of the job. */
export interface AccessRun {
  id: number
  purpose: RunPurpose
  plan: RunPlan
  /** An earlier attempt of the job got as far as making it. */
  resumed: boolean
}

/** Writes down the run that grants or removes an access, before anything is started. */
export async function beginRun(
  tx: Tx,
  deps: Deps,
  lease: Lease,
  access: Access,
  type: AccessType,
  purpose: RunPurpose,
): Promise<AccessRun> {
  const runbookVersionId = await versionFor(tx, access, type, purpose)
  const values = purpose === 'grant' ? await valuesNow(tx, access) : await valuesAsGranted(tx, access)
  const plan = { definition: await definitionOf(tx, runbookVersionId), values }
  const last = await latestRunOfAccess(tx, access.id)
  const attempt = (last?.attempt ?? 0) + 1
  const id = await createRun(tx, deps, lease, {
    accessId: access.id,
    purpose,
    runbookVersionId,
    attempt,
    plan,
  })
  return { id, purpose, plan, resumed: false }
}

/** A run that was begun, with what it was begun with. */
export async function takeUpRun(tx: Tx, run: Row<'runs'>): Promise<AccessRun> {
  if (run.purpose === null || run.runbook_version_id === null)
    throw new Error(`Run ${run.id} is of no access.`)
  const plan = { definition: await definitionOf(tx, run.runbook_version_id), values: valuesOf(run) }
  return { id: run.id, purpose: run.purpose, plan, resumed: true }
}

/** What was approved is what grants; what removes is the newest, so that a better one helps with what is stuck. */
async function versionFor(tx: Tx, access: Access, type: AccessType, purpose: RunPurpose): Promise<number> {
  if (purpose === 'grant' && access.runbook_version_id !== null) return access.runbook_version_id
  const runbook = purpose === 'grant' ? type.grant_runbook_id : type.removal_runbook_id
  const newest = await tx
    .selectFrom('runbook_versions')
    .select('id')
    .where('runbook_id', '=', runbook)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!newest) throw new Error(`The access type ${type.id} has no runbook for the ${purpose}.`)
  return newest.id
}

async function definitionOf(tx: Tx, versionId: number): Promise<RunPlan['definition']> {
  const version = await tx
    .selectFrom('runbook_versions')
    .select('definition')
    .where('id', '=', versionId)
    .executeTakeFirstOrThrow()
  return runbookDefinition.parse(JSON.parse(version.definition))
}

const variables = z.record(z.string(), z.string())

async function valuesNow(tx: Tx, access: Access): Promise<RunPlan['values']> {
  const asset = await tx
    .selectFrom('assets')
    .select(['id', 'variables'])
    .where('id', '=', access.asset_id)
    .executeTakeFirstOrThrow()
  const person = await tx
    .selectFrom('persons')
    .select(['id', 'login_id', 'first_name', 'last_name', 'primary_email as email'])
    .where('id', '=', access.person_id)
    .executeTakeFirstOrThrow()
  return {
    asset: { ...variables.parse(JSON.parse(asset.variables)), id: asset.id },
    request: {},
    field: {},
    access: { id: String(access.id), justification: access.justification },
    person,
  }
}

/** Whoever was renamed since has the account that they were given under the former name. */
async function valuesAsGranted(tx: Tx, access: Access): Promise<RunPlan['values']> {
  const now = await valuesNow(tx, access)
  const granted = await latestGrant(tx, access.id)
  if (!granted) return now
  const { access: then, person } = valuesOf(granted)
  return { ...now, ...(then && { access: then }), ...(person && { person }) }
}
