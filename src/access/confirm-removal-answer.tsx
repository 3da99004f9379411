import { RemoveAccountPage } from '../../views/access/remove-account-page.tsx'
import type { Ctx } from '../http/env.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { can } from '../policy.ts'
import type { Access } from './change-access.ts'
import { accessNumber, findVisibleAccess, subjectOf } from './find-access.ts'
import { whyNotTransferred } from './transfer-access.ts'

/** Programs lose a database account for good, so its removal is asked about first. */
export const isAskedAbout = ({ database_account, status }: Access) =>
  database_account !== null && (status === 'APPROVED' || status === 'SUSPENDED')

/** The question, where the actor may answer it; else Manage Access, or nothing. */
export async function removalPage(c: Ctx) {
  const { deps, actor } = c.var
  const id = accessNumber(c.req.param('id') ?? '')
  const found = id === undefined ? undefined : await findVisibleAccess(deps.db, deps, actor, id)
  if (!found || found.access.person_id !== c.req.param('person')) return notFoundPage(c)
  const { access, subject } = found
  if (isAskedAbout(access) && can(actor, 'access.remove', subject)) return askFirst(c, access)
  return c.redirect(paths.manageAccess(access.person_id, { asset: access.asset_id, access: access.id }), 303)
}

/** Draws the question. `formKey`: of the form of Manage Access that was pressed. */
export async function askFirst(c: Ctx, access: Access, formKey = '') {
  const { deps, actor } = c.var
  const subject = await subjectOf(deps.db, deps, access)
  const transferable = whyNotTransferred(access) === null && can(actor, 'access.transfer', subject)
  return c.html(
    <RemoveAccountPage
      chrome={await chromeOf(c)}
      access={access}
      transferable={transferable}
      formKey={formKey}
    />,
  )
}
