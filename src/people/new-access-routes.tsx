import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { GrantQuestion, NothingToGrant } from '../../views/access/grant-question.tsx'
import { NewAccessPage } from '../../views/access/new-access-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { SelectValueDialog, SelectValuePage } from '../../views/ui/select-value.tsx'
import { AnyFields, answerForm, type FormStatus } from '../admin/answer.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { isFragment } from '../http/fragment.ts'
import { operatorsIdentified, signedIn } from '../http/guards.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage, problem } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { can, isOperator } from '../policy.ts'
import { type FieldErrors, forbidden } from '../result.ts'
import { createByManager, grantCustomer, type LoginFound } from './new-access.ts'
import { customerChoices, type Understood, understandNewAccess } from './new-access-lookup.ts'
import { readNewAccess } from './person-forms.ts'

const select = paths.newAccessSelect(':field').replace('%3A', ':')

/** New Access: a new person, or one who exists, gets access to a customer. */
export const newAccessRoutes = () =>
  new Hono<AppEnv>()
    .use(paths.newAccess(), signedIn, managersOnly)
    .use(`${paths.newAccess()}/*`, signedIn, managersOnly)
    .get(paths.newAccess(), async c =>
      newPage(c, (await takeKeptForm(c)) ?? { values: firstValues(queryOf(c)), errors: {} }),
    )
    .post(paths.newAccess(), operatorsIdentified(), create)
    .post(paths.newAccessForm(), async c => {
      const { values } = await parseForm(c, AnyFields)
      return newPage(c, { values, errors: {} })
    })
    .get(paths.newAccessForm(), c => c.redirect(paths.newAccess(), 303))
    .post(paths.newAccessQuestion(), ask)
    .get(paths.newAccessQuestion(), c => c.redirect(paths.newAccess(), 303))
    .post(paths.grantCustomer(), operatorsIdentified(), grant)
    .post(select, selectCustomer)
    .get(select, c => c.redirect(paths.newAccess(), 303))

/** As the address asks for: somebody, or a manager, for a customer. */
const firstValues = ({ customer, role }: Readonly<Record<string, string>>) => ({
  ...(customer && { customer_id: customer }),
  ...(role === 'MANAGER' && { role }),
})

const managersOnly = createMiddleware<AppEnv>(async (c, next) =>
  can(c.get('actor'), 'person.create')
    ? next()
    : problem(
        c,
        forbidden('Only managers and operators add persons. Ask a manager of your customer to do it.')
          .problem,
      ),
)

async function create(c: Ctx) {
  const { deps, actor } = c.var
  const form = await parseForm(c, AnyFields)
  const understood = await understandNewAccess(deps.db, actor, form.values)
  const read = readNewAccess(form.values)
  const wrong = { ...form.errors, ...wrongSoFar(form.values, understood), ...(read.ok ? {} : read.errors) }
  if (!read.ok || !understood.customer || Object.keys(wrong).length > 0)
    return newPage(c, withErrors(form, wrong), 422)
  const result = await createByManager(deps, actor, { ...read.value, customer_id: understood.customer.id })
  return answerForm(
    c,
    form,
    result,
    (state, status) => newPage(c, state, status),
    ({ id }) => ({
      path: paths.person(id),
      said: `${id} was created. The Status is PENDING CREATE for a moment, then ACTIVE; a mail with a sign-in link goes to ${read.value.primary_email}.`,
    }),
  )
}

/** Of a Login ID that exists already, the question is asked before anything else. */
function wrongSoFar(typed: FormState['values'], { wrongCustomer, found, customer }: Understood): FieldErrors {
  const login_id = found && customer ? wrongLogin(typed.login_id ?? '', found, customer.name) : null
  return { ...(wrongCustomer && { customer_id: wrongCustomer }), ...(login_id && { login_id }) }
}

function wrongLogin(loginId: string, found: LoginFound, customer: string): string | null {
  if (found.kind === 'free') return null
  if (found.kind === 'unusable') return found.words
  if (found.kind === 'listed')
    return `User ${loginId} has access to customer ${customer} already: ${found.personId}. Open that person instead.`
  return `User ${loginId} exists. Press the question mark beside it to grant the user access to customer ${customer}.`
}

/** “User X exists. Grant user access to customer Y?”, as a page or in the dialog. */
async function ask(c: Ctx) {
  const { deps, actor } = c.var
  const { values } = await parseForm(c, AnyFields)
  const { customer, found, wrongCustomer } = await understandNewAccess(deps.db, actor, values)
  const frame = { chrome: await chromeOf(c, 'access-management'), typed: values, dialog: isFragment(c) }
  const loginId = (values.login_id ?? '').trim()
  if (customer && found?.kind === 'exists')
    return c.html(
      <GrantQuestion
        {...frame}
        loginId={loginId}
        customer={customer}
        inactive={found.inactive}
        keepsNothing={!isOperator(actor)}
      />,
    )
  const why =
    (found && customer ? wrongLogin(loginId, found, customer.name) : wrongCustomer) ??
    'Nobody has this Login ID. Fill in the other fields and press Save to create the person.'
  return c.html(<NothingToGrant {...frame} why={why} />)
}

async function grant(c: Ctx) {
  const { deps, actor } = c.var
  const form = await parseForm(c, AnyFields)
  const { customer, wrongCustomer } = await understandNewAccess(deps.db, actor, form.values)
  if (!customer) return newPage(c, withErrors(form, { customer_id: wrongCustomer ?? '' }), 422)
  const loginId = (form.values.login_id ?? '').trim()
  const result = await grantCustomer(deps, actor, loginId, customer.id)
  return answerForm(
    c,
    form,
    result,
    (state, status) => newPage(c, state, status),
    ({ id, reactivated }) => ({
      path: paths.person(id),
      said: `User ${loginId} ${reactivated ? 'is ACTIVE again and ' : ''}has access to customer ${customer.name} now. Nothing is left to save; you find them in the List View as ${id}.`,
    }),
  )
}

async function newPage(c: Ctx, { values, errors }: FormState, status: FormStatus = 200) {
  const { deps, actor } = c.var
  return c.html(
    <NewAccessPage
      chrome={await chromeOf(c, 'access-management')}
      viewer={actor}
      form={{ values, errors }}
      understood={await understandNewAccess(deps.db, actor, values)}
    />,
    status,
  )
}

/** Select Value for the customer: operators only, a manager gives the one they manage. */
async function selectCustomer(c: Ctx) {
  const { deps, actor } = c.var
  if (c.req.param('field') !== 'customer_id' || !isOperator(actor)) return notFoundPage(c)
  const { values } = await parseForm(c, AnyFields)
  const filter = (values.filter ?? '').slice(0, 200)
  const { rows, more } = await customerChoices(deps.db, filter)
  const props = {
    chrome: await chromeOf(c, 'access-management'),
    field: 'customer_id',
    label: 'Customer',
    lookup: paths.newAccessSelect('customer_id'),
    back: paths.newAccessForm(),
    typed: values,
    filter,
    columns: ['Customer', 'Name'],
    rows: rows.map(row => ({ value: row.id, cells: [row.name] })),
    missing: more
      ? `These are the first ${rows.length}. Filter to see the others.`
      : 'You look for another one? Customers are set up under Administration; INACTIVE ones can’t be chosen.',
  }
  return c.html(isFragment(c) ? <SelectValueDialog {...props} /> : <SelectValuePage {...props} />)
}
