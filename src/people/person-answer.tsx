import { PersonPage } from '../../views/access/person-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import type { FormStatus } from '../admin/answer.ts'
import { actorWords } from '../audit/queries.ts'
import type { Ctx } from '../http/env.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { type Actor, can, isOperator } from '../policy.ts'
import { findCustomer } from './customer-queries.ts'
import { personValues, stagedFromToken, stagedIn, stagedToken } from './person-forms.ts'
import { customersOfPerson, type HistorySight, historyOfPerson, listedAmong } from './person-queries.ts'
import { type PersonRights, rightsOn } from './person-rights.ts'
import { findVisiblePerson, type VisiblePerson } from './visible-person.ts'

/** The person of the address, through the viewer. */
export const findVisible = (c: Ctx) => findVisiblePerson(c.var.deps.db, c.var.actor, codeIn(c))
export const codeIn = (c: Ctx) => (c.req.param('person') ?? '').replaceAll('\0', '')

/** What was typed stays; saving again stores it over what was saved meanwhile. */
export async function changedMeanwhile(c: Ctx, form: FormState, message: string) {
  const now = await findVisible(c)
  if (!now) return notFoundPage(c)
  const values = { ...form.values, version: String(now.person.version) }
  const meanwhile = Object.entries(comparedLabels)
    .map(([name, label]) => ({ name, label, value: String(now.person[name as keyof typeof comparedLabels]) }))
    .filter(({ name, value }) => form.values[name] !== value)
  return personPage(c, { values, errors: { '': message } }, 409, meanwhile)
}

const comparedLabels = {
  first_name: 'First Name',
  last_name: 'Last Name',
  display_name: 'Display Name',
  primary_email: 'Primary Email',
  role: 'Role',
} as const

/** Person Information, as it is stored or as it was sent. */
export async function personPage(
  c: Ctx,
  form: FormState | null,
  status: FormStatus = 200,
  meanwhile: readonly { label: string; value: string }[] = [],
) {
  const { deps, actor } = c.var
  const visible = await findVisible(c)
  if (!visible) return notFoundPage(c)
  const { person, subject } = visible
  const kept = form ?? (await takeKeptForm(c))
  const { staged: token, kept: _kept, ...asked } = queryOf(c)
  const wanted = kept ? stagedIn(kept.values) : await stagedFromToken(deps, actor, person.id, token)
  const staged = await listedAmong(deps.db, person.id, wanted)
  const query = staged.length
    ? { ...asked, staged: await stagedToken(deps, actor, person.id, staged) }
    : asked
  const rights = rightsOn(actor, subject)
  const values = { ...personValues(person), ...kept?.values, remove: staged.join() }
  const list = await customersOfPerson(deps.db, actor, person.id, query, query)
  return c.html(
    <PersonPage
      chrome={await chromeOf(c, 'access-management')}
      viewer={actor}
      person={person}
      form={{ values, errors: kept?.errors ?? {} }}
      rights={rights}
      pendingEmail={visible.pendingEmail}
      managed={await managedCustomer(c, visible, rights)}
      suggestions={isOperator(actor) ? visible.list : []}
      rows={list.rows}
      page={pageLinks(list, query, asked => paths.person(person.id, asked))}
      query={query}
      staged={staged}
      history={await shownHistory(c, person.id)}
      maySendLink={
        actor.id !== person.id &&
        person.status === 'ACTIVE' &&
        can(actor, 'person.send-sign-in-link', subject)
      }
      mayDeactivate={can(actor, 'person.deactivate-self', subject) && person.status !== 'INACTIVE'}
      meanwhile={meanwhile}
    />,
    status,
  )
}

/** The one they manage, or would: to a manager another customer's name is not told. */
async function managedCustomer(c: Ctx, { person }: VisiblePerson, { roles }: PersonRights) {
  const { deps, actor } = c.var
  const own = actor.managingCustomerId
  const id = person.managing_customer_id ?? (roles.includes('MANAGER') ? own : null)
  const seen = isOperator(actor) || actor.id === person.id || id === own
  const customer = id !== null && seen ? await findCustomer(deps.db, id) : undefined
  return customer ? { id: customer.id, name: customer.name } : null
}

/** Operators see all of it, everybody their own, managers what concerns their customer. */
async function shownHistory(c: Ctx, personId: string) {
  const { deps, actor } = c.var
  const sight = sightOf(actor, personId)
  if (sight === null) return null
  const entries = await historyOfPerson(deps.db, personId, sight)
  return entries.map(entry => ({ ...entry, who: actorWords(actor, entry) }))
}

function sightOf(actor: Actor, personId: string): HistorySight | null {
  if (isOperator(actor)) return 'all'
  if (actor.id === personId) return 'own'
  return actor.managingCustomerId === null ? null : { customerId: actor.managingCustomerId }
}
