import { Hono } from 'hono'
import { DeactivatePage, RevokePage } from '../../views/admin/person-confirm-pages.tsx'
import { NewPersonPage, PersonPage } from '../../views/admin/person-page.tsx'
import { PersonsPage } from '../../views/admin/persons-page.tsx'
import { rowAct, toRows, withRowAct } from '../../views/admin/row-fields.ts'
import type { FormState } from '../../views/ui/form-state.ts'
import { historyOf } from '../audit/queries.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { managersOf, someCustomers } from '../people/customer-queries.ts'
import { deactivatePerson, reactivatePerson, sendSignInLink } from '../people/person-status.ts'
import { accessesLostBy, changePerson, createPerson } from '../people/persons.ts'
import {
  customerAccessList,
  customersOfPersons,
  findPerson,
  openAccesses,
  personList,
} from '../people/queries.ts'
import { pendingEmailOf } from '../people/visible-person.ts'
import { AnyFields, answerAct, answerForm, type FormStatus } from './answer.ts'
import { mostCustomers, personValues, readNewPerson, readPersonEdit } from './person-form.ts'

export const personRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.adminPersons(), listPage)
    .get(paths.adminPerson('new'), async c => {
      const values = (await takeKeptForm(c))?.values ?? firstValues(queryOf(c))
      return newPage(c, { values, errors: {} })
    })
    .post(paths.adminPerson('new'), async c => {
      const form = await parseForm(c, AnyFields)
      const act = rowAct(form.values)
      if (act) return newPage(c, { values: withRowAct(form.values, act, 'id'), errors: {} })
      const read = readNewPerson(form.values)
      if (!form.ok || !read.ok) return newPage(c, withErrors(form, read.ok ? form.errors : read.errors), 422)
      const { id, facts } = read
      const result = await createPerson(c.var.deps, c.var.actor, id, facts)
      return answerForm(
        c,
        form,
        result,
        (state, status) => newPage(c, state, status),
        () => ({
          path: paths.adminPerson(id),
          said: `${id} was created. A sign-in link goes to ${facts.primary_email} in a moment.`,
        }),
      )
    })
    .get('/admin/persons/:id', async c => recordPage(c, c.req.param('id'), null))
    .post('/admin/persons/:id', async c => save(c, c.req.param('id')))
    .get('/admin/persons/:id/deactivate', deactivatePage)
    .post('/admin/persons/:id/deactivate', async c => {
      const id = c.req.param('id')
      const result = await deactivatePerson(c.var.deps, c.var.actor, id)
      return answerAct(c, result, paths.adminPerson(id), () => `${id} is INACTIVE and signed out everywhere.`)
    })
    .post('/admin/persons/:id/reactivate', async c => {
      const id = c.req.param('id')
      const result = await reactivatePerson(c.var.deps, c.var.actor, id)
      return answerAct(
        c,
        result,
        paths.adminPerson(id),
        () => `${id} can sign in again. Accesses are requested anew.`,
      )
    })
    .post('/admin/persons/:id/sign-in-link', async c => {
      const id = c.req.param('id')
      const result = await sendSignInLink(c.var.deps, c.var.actor, id)
      return answerAct(c, result, paths.adminPerson(id), to => `A new sign-in link is on its way to ${to}.`)
    })

/** As the address asks for: a person, or a manager, of a customer. */
function firstValues({ customer = '', role }: Readonly<Record<string, string>>) {
  const manager = customer !== '' && role === 'MANAGER'
  return {
    ...toRows('customer', [{ id: customer }]),
    ...(manager && { role, managing_customer_id: customer }),
  }
}

async function listPage(c: Ctx) {
  const { db } = c.var.deps
  const query = queryOf(c)
  const list = await personList(db, query, query)
  const customers = await customersOfPersons(
    db,
    list.rows.map(row => row.id),
  )
  const rows = list.rows.map(row => ({ ...row, customers: customers.get(row.id) ?? [] }))
  const page = pageLinks(list, query, paths.adminPersons)
  return c.html(
    <PersonsPage chrome={await chromeOf(c, 'admin-persons')} rows={rows} query={query} page={page} />,
  )
}

async function deactivatePage(c: Ctx) {
  const { db } = c.var.deps
  const person = await findPerson(db, c.req.param('id') ?? '')
  if (!person) return notFoundPage(c)
  const managers =
    person.managing_customer_id === null ? null : await managersOf(db, person.managing_customer_id)
  const managersLeft = managers?.filter(manager => manager.id !== person.id).length ?? null
  const page = { chrome: await chromeOf(c, 'admin-persons'), person, managersLeft }
  return c.html(<DeactivatePage {...page} accesses={await openAccesses(db, person.id)} />)
}

async function save(c: Ctx, id: string) {
  const { deps, actor } = c.var
  const form = await parseForm(c, AnyFields)
  const act = rowAct(form.values)
  if (act) return recordPage(c, id, { values: withRowAct(form.values, act, 'id'), errors: {} })
  const read = readPersonEdit(form.values)
  if (!form.ok || !read.ok)
    return recordPage(c, id, withErrors(form, read.ok ? form.errors : read.errors), 422)
  const { edit } = read
  const lost = edit.customers === null ? [] : await accessesLostBy(deps, id, edit.customers)
  const person = await findPerson(deps.db, id)
  if (person && lost.length > 0 && form.values.confirmed !== 'yes') {
    const page = { chrome: await chromeOf(c, 'admin-persons'), person, accesses: lost, typed: form.values }
    return c.html(<RevokePage {...page} />)
  }
  const result = await changePerson(deps, actor, id, edit)
  return answerForm(
    c,
    form,
    result,
    (state, status) => recordPage(c, id, state, status),
    ({ pendingEmail }) => ({ path: paths.adminPerson(id), said: savedWords(id, pendingEmail) }),
  )
}

const savedWords = (id: string, pendingEmail: string | null) =>
  pendingEmail === null
    ? `${id} was saved.`
    : `${id} was saved. ${pendingEmail} counts as Primary Email when the link sent there was used.`

const newPage = async (c: Ctx, form: FormState, status: FormStatus = 200) =>
  c.html(
    <NewPersonPage
      chrome={await chromeOf(c, 'admin-persons')}
      form={form}
      customers={await someCustomers(c.var.deps.db)}
    />,
    status,
  )

async function recordPage(c: Ctx, id: string, form: FormState | null, status: FormStatus = 200) {
  const { db } = c.var.deps
  const person = await findPerson(db, id)
  if (!person) return notFoundPage(c)
  const list = await customerAccessList(db, id, mostCustomers + 1)
  const values = (await takeKeptForm(c))?.values ?? personValues(person, list)
  return c.html(
    <PersonPage
      chrome={await chromeOf(c, 'admin-persons')}
      person={person}
      form={form ?? { values, errors: {} }}
      customers={await someCustomers(db)}
      list={list}
      pendingEmail={await pendingEmailOf(db, id)}
      leaving={person.status === 'INACTIVE' ? await openAccesses(db, id) : []}
      history={await historyOf(db, 'person', id)}
    />,
    status,
  )
}
