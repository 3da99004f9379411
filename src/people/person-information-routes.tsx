import { Hono } from 'hono'
import { DeactivateSelfPage, RemoveCustomerQuestion } from '../../views/access/person-questions.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { AnyFields, answerAct, answerForm } from '../admin/answer.ts'
import { blankSessionCookie } from '../auth/sessions.ts'
import { giveCookie } from '../auth/visit.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, readFields, withErrors } from '../http/forms.ts'
import { isFragment } from '../http/fragment.ts'
import { identifiedRecently, operatorsIdentified, signedIn } from '../http/guards.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { textDownload } from '../http/text-download.ts'
import { paths } from '../paths.ts'
import { type Actor, can, isOperator } from '../policy.ts'
import { conflict, forbidden } from '../result.ts'
import { customersCsv } from './csv.ts'
import { deactivateSelf, whyStillNeeded } from './own-account.ts'
import { changedMeanwhile, codeIn, findVisible, personPage } from './person-answer.tsx'
import { readPerson, stagedIn, withStaged } from './person-forms.ts'
import { accessesToLose } from './person-queries.ts'
import { rightsOn } from './person-rights.ts'
import { sendSignInLink } from './person-status.ts'
import { type PersonChange, type SavedPerson, savePerson } from './save-person.ts'
import type { VisiblePerson } from './visible-person.ts'

const record = paths.person(':person').replace('%3A', ':')
const event = (name: 'deactivate' | 'remove-customer' | 'sign-in-link') => `${record}/${name}`

/** Person Information: the first tab of a person's record. */
export const personInformationRoutes = () =>
  new Hono<AppEnv>()
    .get(record, signedIn, async c => personPage(c, null))
    .post(record, signedIn, operatorsIdentified(stages), act)
    .get(`${record}/customers.csv`, signedIn, async c => {
      const visible = await findVisible(c)
      if (!visible) return notFoundPage(c)
      const { deps, actor } = c.var
      const { id } = visible.person
      return textDownload(c, customersCsv(deps.db, actor, id), `customers-of-${id}.csv`, 'text/csv')
    })
    .get(event('remove-customer'), signedIn, c => c.redirect(paths.person(codeIn(c)), 303))
    .post(event('remove-customer'), signedIn, askToRemove)
    .post(event('sign-in-link'), signedIn, operatorsIdentified(stages), async c => {
      const result = await sendSignInLink(c.var.deps, c.var.actor, codeIn(c))
      return answerAct(c, result, paths.person(codeIn(c)), to => `A new sign-in link is on its way to ${to}.`)
    })
    .get(event('deactivate'), identifiedRecently, c => deactivatePage(c))
    .post(event('deactivate'), identifiedRecently, deactivate)

/** Staging a row stores nothing. */
const stages = async (c: Ctx) => (await readFields(c)).act !== undefined

/** Save, or a change of what is staged: that redraws the form and stores nothing. */
async function act(c: Ctx) {
  const visible = await findVisible(c)
  if (!visible) return notFoundPage(c)
  const form = await parseForm(c, AnyFields)
  if (!form.ok) return personPage(c, form, 422)
  const [word, customer] = (form.values.act ?? 'save').split(' ')
  if (word === 'save') return save(c, visible, form)
  if (word === 'stage' && customer) {
    if (!rightsOn(c.var.actor, visible.subject).mayRemove(customer)) return mayNotRemove(c)
    return personPage(c, { values: withStaged(form.values, { add: customer }), errors: {} })
  }
  return personPage(c, { values: withStaged(form.values, { takeBack: customer }), errors: {} })
}

const mayNotRemove = (c: Ctx) =>
  problem(c, forbidden('You can remove only the customer you manage from somebody’s list.').problem)

async function save(c: Ctx, visible: VisiblePerson, form: FormState) {
  const { deps, actor } = c.var
  const { person } = visible
  const read = readPerson(form.values)
  if (!read.ok) return personPage(c, withErrors(form, read.errors), 422)
  const result = await savePerson(deps, actor, person.id, sentChange(read.value, form.values, visible, actor))
  if (!result.ok && result.problem.kind === 'conflict')
    return changedMeanwhile(c, form, result.problem.message)
  const stillSeen = !result.ok || (await findVisible(c)) !== undefined
  return answerForm(
    c,
    form,
    result,
    (state, status) => personPage(c, state, status),
    saved => ({
      path: stillSeen ? paths.person(person.id) : paths.accessManagement(),
      said: savedWords(saved, stillSeen),
    }),
  )
}

/** Typed fields are tidied; what was sent as it is stored is left exactly as it is. */
function sentChange(
  { managing_customer_id, ...change }: PersonChange,
  sent: FormState['values'],
  { person }: VisiblePerson,
  actor: Actor,
): PersonChange {
  const texts = ['first_name', 'last_name', 'display_name', 'primary_email'] as const
  const same = texts.filter(name => sent[name] === person[name]).map(name => [name, person[name]])
  return {
    ...change,
    ...(Object.fromEntries(same) as Partial<PersonChange>),
    ...(isOperator(actor) && { managing_customer_id }),
  }
}

function savedWords(saved: SavedPerson, stillSeen: boolean): string {
  if (!saved.changed) return 'Nothing was different, so nothing was changed.'
  const { id, pendingEmail, accessesEnded, becameInactive } = saved
  return [
    `${id} was saved.`,
    pendingEmail && `${pendingEmail} waits for confirmation: a mail with a link is on its way there.`,
    accessesEnded === 1 && 'One access is being removed.',
    accessesEnded > 1 && `${accessesEnded} accesses are being removed.`,
    becameInactive && `${id} is INACTIVE.`,
    !stillSeen && `${id} no longer has access to your customer, so you don’t see them here any more.`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** The warning before a row is deleted; stores nothing. */
async function askToRemove(c: Ctx) {
  const { deps, actor } = c.var
  const visible = await findVisible(c)
  if (!visible) return notFoundPage(c)
  const form = await parseForm(c, AnyFields)
  const { person, subject } = visible
  const [, customer = ''] = (form.values.act ?? '').split(' ')
  if (!rightsOn(actor, subject).mayRemove(customer)) return mayNotRemove(c)
  const staged = stagedIn(form.values)
  return c.html(
    <RemoveCustomerQuestion
      chrome={await chromeOf(c, 'access-management')}
      person={person}
      customer={customer}
      accesses={await accessesToLose(deps.db, person.id, customer)}
      isLast={subject.customers.every(other => other === customer || staged.includes(other))}
      manages={person.managing_customer_id === customer}
      typed={form.values}
      query={queryOf(c)}
      dialog={isFragment(c)}
    />,
  )
}

async function deactivatePage(c: Ctx) {
  const { deps, actor } = c.var
  const visible = await findVisible(c)
  if (!visible) return notFoundPage(c)
  if (!can(actor, 'person.deactivate-self', visible.subject)) return onlyOwn(c)
  const needed = await whyStillNeeded(deps.db, visible.person)
  if (needed !== null) return answerAct(c, conflict(needed), paths.person(actor.id), () => '')
  return c.html(
    <DeactivateSelfPage
      chrome={await chromeOf(c, 'access-management')}
      person={visible.person}
      accesses={await accessesToLose(deps.db, visible.person.id)}
    />,
  )
}

const onlyOwn = (c: Ctx) => problem(c, forbidden('You can deactivate only your own account here.').problem)

async function deactivate(c: Ctx) {
  const { deps, actor } = c.var
  const visible = await findVisible(c)
  if (!visible) return notFoundPage(c)
  if (!can(actor, 'person.deactivate-self', visible.subject)) return onlyOwn(c)
  const result = await deactivateSelf(deps, actor)
  if (!result.ok) return answerAct(c, result, paths.person(actor.id), () => '')
  giveCookie(c, blankSessionCookie(deps))
  return seeOther(c, paths.signIn(), 'Your account is deactivated, and you are signed out everywhere.')
}
