import { voidDecisionLinks } from '../auth/decision-links.ts'
import { nowInstant } from '../clock.ts'
import type { Deps, Tx } from '../deps.ts'
import { decidersInWords, mailManagers, mailOperators, mailSent } from './approval-mails.ts'
import type { Access } from './change-access.ts'
import { decidersOf } from './deciders.ts'
import { escalate, nobodyElse } from './escalate.ts'

/**
 * Tells those who may decide about a request that waits for a decision, each with their own single-use link; where
 * nobody may, operators at once. Called after it was saved and after every change of it: links of an earlier version
 * stop working. Call deps.wake() after the commit.
 */
export async function askForDecision(
  tx: Tx,
  deps: Pick<Deps, 'clock' | 'config'>,
  { id }: Pick<Access, 'id'>,
): Promise<void> {
  await voidDecisionLinks(tx, deps, id)
  const saved = await tx.selectFrom('accesses').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  if (saved.status !== 'PROCESSING' || saved.decision !== null) return
  const deciders = await decidersOf(tx, nowInstant(deps.clock), [saved])
  const managers = deciders.managersFor(saved)
  const escalated = managers.length === 0 && (await escalate(tx, deps, id, nobodyElse))
  const access = escalated || saved
  await mailManagers(tx, deps, access, managers, deciders.absences)
  if (access.escalated_at !== null) {
    const why = managers.length === 0 ? nobodyElse : 'It was escalated before it was changed.'
    await mailOperators(tx, deps, access, deciders.operatorsFor(access), why)
  }
  await mailSent(tx, deps, access, decidersInWords(access, deciders))
}
