import { Hono } from 'hono'
import { z } from 'zod'
import { TransferPage } from '../../views/access/transfer-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { operatorsIdentified, signedIn } from '../http/guards.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { chromeOf, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { accessNumber, findVisibleAccess } from './find-access.ts'
import { openTransfer } from './open-transfer.ts'
import { transferAccess, whyNotTransferred } from './transfer-access.ts'
import { withdrawTransfer } from './withdraw-transfer.ts'

const page = paths.transferAccess(':person', ':id').replaceAll('%3A', ':')
const withdrawing = paths.withdrawTransfer(':person', ':id').replaceAll('%3A', ':')
const TransferForm = z.object({ to: z.string().max(320), justification: z.string() })

/** Transfer Access: whom a service account is to go to. */
export const transferRoutes = () =>
  new Hono<AppEnv>()
    .get(page, signedIn, async c => {
      const kept = await takeKeptForm(c)
      return transferPage(c, { values: kept?.values ?? {}, errors: {} })
    })
    .post(page, signedIn, operatorsIdentified(), transfer)
    .get(withdrawing, signedIn, toTransfer)
    .post(withdrawing, signedIn, operatorsIdentified(), withdraw)

async function transfer(c: Ctx) {
  const found = await findTransferable(c)
  if (!found) return notFoundPage(c)
  const form = await parseForm(c, TransferForm)
  if (!form.ok) return transferPage(c, form, 422)
  const { access } = found
  const result = await transferAccess(c.var.deps, c.var.actor, access.id, form.value)
  if (result.ok)
    return seeOther(
      c,
      paths.manageAccess(access.person_id, { asset: access.asset_id, access: access.id }),
      result.value,
    )
  if (result.problem.kind === 'invalid') return transferPage(c, withErrors(form, result.problem.fields), 422)
  if (result.problem.kind === 'conflict')
    return transferPage(c, withErrors(form, { '': result.problem.message }), 409)
  return problem(c, result.problem)
}

/** Identifying again leads back to an address; this one only acts. */
async function toTransfer(c: Ctx) {
  const found = await findTransferable(c)
  return found
    ? c.redirect(paths.transferAccess(found.access.person_id, found.access.id), 303)
    : notFoundPage(c)
}

async function withdraw(c: Ctx) {
  const found = await findTransferable(c)
  if (!found) return notFoundPage(c)
  const { access } = found
  const result = await withdrawTransfer(c.var.deps, c.var.actor, access.id)
  if (result.ok)
    return seeOther(
      c,
      paths.manageAccess(access.person_id, { asset: access.asset_id, access: access.id }),
      result.value,
    )
  if (result.problem.kind === 'conflict')
    return transferPage(c, { values: {}, errors: { '': result.problem.message } }, 409)
  return problem(c, result.problem)
}

/** As the address names it: that person's, and a database account. */
async function findTransferable(c: Ctx) {
  const id = accessNumber(c.req.param('id') ?? '')
  const { deps, actor } = c.var
  const found = id === undefined ? undefined : await findVisibleAccess(deps.db, deps, actor, id)
  if (!found || found.access.person_id !== c.req.param('person')) return undefined
  // Who sees it looks after it: the policy is asked about it at the act.
  return found.access.database_account === null ? undefined : found
}

async function transferPage(c: Ctx, form: FormState, status: 200 | 409 | 422 = 200) {
  const found = await findTransferable(c)
  if (!found) return notFoundPage(c)
  const { deps } = c.var
  const why = whyNotTransferred(found.access)
  const open = why === null ? await openTransfer(deps.db, found.access.id) : undefined
  return c.html(
    <TransferPage
      chrome={await chromeOf(c, 'access-management')}
      access={found.access}
      why={why}
      open={open}
      form={form}
    />,
    status,
  )
}
