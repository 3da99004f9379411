import { Hono } from 'hono'
import { CustomerPage, NewCustomerPage } from '../../views/admin/customer-page.tsx'
import { CustomersPage } from '../../views/admin/customers-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { assetsOfCustomer } from '../assets/queries.ts'
import { historyOf } from '../audit/queries.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { pageLinks } from '../paging.ts'
import { paths } from '../paths.ts'
import { customerList, findCustomer, personsOfCustomer } from '../people/customer-queries.ts'
import { changeCustomer, createCustomer } from '../people/customers.ts'
import { answerForm, type FormStatus } from './answer.ts'
import { CustomerForm, NewCustomerForm } from './forms.ts'

export const customerRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.adminCustomers(), async c => {
      const query = queryOf(c)
      const list = await customerList(c.var.deps.db, query, query)
      const page = pageLinks(list, query, paths.adminCustomers)
      return c.html(
        <CustomersPage
          chrome={await chromeOf(c, 'admin-customers')}
          rows={list.rows}
          query={query}
          page={page}
        />,
      )
    })
    .get(paths.adminCustomer('new'), async c =>
      newPage(c, { values: (await takeKeptForm(c))?.values ?? {}, errors: {} }),
    )
    .post(paths.adminCustomer('new'), async c => {
      const form = await parseForm(c, NewCustomerForm)
      if (!form.ok) return newPage(c, form, 422)
      const { id, ...facts } = form.value
      const result = await createCustomer(c.var.deps, c.var.actor, id, facts)
      return answerForm(
        c,
        form,
        result,
        (state, status) => newPage(c, state, status),
        () => ({
          path: paths.adminCustomer(id),
          said: `Customer ${id} was created. Add its two managers next, then its assets.`,
        }),
      )
    })
    .get('/admin/customers/:id', async c => recordPage(c, c.req.param('id'), null))
    .post('/admin/customers/:id', async c => {
      const id = c.req.param('id')
      const form = await parseForm(c, CustomerForm)
      if (!form.ok) return recordPage(c, id, form, 422)
      const result = await changeCustomer(c.var.deps, c.var.actor, id, form.value)
      return answerForm(
        c,
        form,
        result,
        (state, status) => recordPage(c, id, state, status),
        () => ({ path: paths.adminCustomer(id), said: `Customer ${id} was saved.` }),
      )
    })

const newPage = async (c: Ctx, form: FormState, status: FormStatus = 200) =>
  c.html(<NewCustomerPage chrome={await chromeOf(c, 'admin-customers')} form={form} />, status)

async function recordPage(c: Ctx, id: string, form: FormState | null, status: FormStatus = 200) {
  const { db } = c.var.deps
  const customer = await findCustomer(db, id)
  if (!customer) return notFoundPage(c)
  const stored = { name: customer.name, parent_id: customer.parent_id ?? '', status: customer.status }
  const values = { ...stored, ...(await takeKeptForm(c))?.values }
  return c.html(
    <CustomerPage
      chrome={await chromeOf(c, 'admin-customers')}
      customer={customer}
      form={form ?? { values, errors: {} }}
      assets={await assetsOfCustomer(db, id)}
      persons={await personsOfCustomer(db, id)}
      history={await historyOf(db, 'customer', id)}
    />,
    status,
  )
}
