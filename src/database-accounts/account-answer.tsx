import type { PersonAccess } from '../access/access-queries.ts'
import { storeDraft } from '../access/drafts.ts'
import { accessNumber } from '../access/find-access.ts'
import {
  type Drawn,
  draftOf,
  drawManageAccess,
  loadManageAccess,
  readSent,
  type Sent,
  understand,
} from '../access/manage-access-answer.tsx'
import type { Ctx, Flash } from '../http/env.ts'
import { isFragment } from '../http/fragment.ts'
import { notFoundPage, seeOther } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { accountValues } from './account-fields.ts'

/** The form of Manage Access as it was sent, with the access whose account it is about. */
export interface SentAccount extends Sent {
  access: PersonAccess
}

/** Or the answer, when there is nothing to do with it. */
export async function readSentAccount(c: Ctx): Promise<SentAccount | Response> {
  const sent = await readSent(c)
  if (sent instanceof Response) return sent
  const access = accessOf(c, sent.loaded.saved)
  return access ? { ...sent, access } : notFoundPage(c)
}

const accessOf = (c: Ctx, saved: readonly PersonAccess[]) => {
  const id = accessNumber(c.req.param('id') ?? '')
  return saved.find(access => access.id === id && access.database_account !== null)
}

/** Looked at by its address, such as after going back: nothing is shown and nothing done. */
export async function backToPage(c: Ctx): Promise<Response> {
  const loaded = await loadManageAccess(c)
  const access = loaded && accessOf(c, loaded.saved)
  return access ? c.redirect(pageOf(access), 303) : notFoundPage(c)
}

const pageOf = (access: PersonAccess) =>
  paths.manageAccess(access.person_id, { asset: access.asset_id, access: access.id })

/** The page as it was, with everything typed into it; a piece of it where scripts have asked for one. */
export async function drawAccount(
  c: Ctx,
  { access, loaded, staged, selected, keys, form }: SentAccount,
  drawn: Pick<Drawn, 'account' | 'status'> & { errors?: Drawn['errors'] },
): Promise<Response> {
  const piece = isFragment(c)
  if (!piece) {
    const { staged: kept } = await understand(c, loaded, staged, selected)
    await storeDraft(c.var.deps, draftOf(loaded), kept, keys)
  }
  return drawManageAccess(c, loaded, staged, {
    errors: 'so far',
    ...drawn,
    selected: access.asset_id,
    opened: String(access.id),
    seen: keys.key,
    typed: accountValues(form.values),
    piece,
  })
}

/** To the page, with what was done or why not; what is staged besides stays so. */
export async function leadBack(c: Ctx, sent: SentAccount, said: Flash | string): Promise<Response> {
  const { staged: kept } = await understand(c, sent.loaded, sent.staged, sent.selected)
  await storeDraft(c.var.deps, draftOf(sent.loaded), kept, sent.keys)
  return seeOther(c, pageOf(sent.access), said)
}
