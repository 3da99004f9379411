import { Hono } from 'hono'
import { NewDatabaseServerPage } from '../../views/admin/database-server-new-page.tsx'
import { DatabaseServerPage } from '../../views/admin/database-server-page.tsx'
import { RetireServerPage } from '../../views/admin/database-server-retire-page.tsx'
import { DatabaseServersPage } from '../../views/admin/database-servers-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { historyOf } from '../audit/queries.ts'
import { authoritiesIn } from '../database-accounts/ca.ts'
import { engineWords, everyEngine } from '../database-accounts/engine-options.ts'
import { assetsOnServer, openAccounts, serverList } from '../database-accounts/server-queries.ts'
import { checkNow, setServerStatus } from '../database-accounts/server-status.ts'
import { changeServer, createServer } from '../database-accounts/server-verbs.ts'
import { type DatabaseServer, findServer } from '../database-accounts/servers.ts'
import type { AppEnv, Ctx, Flash } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { numberOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { AnyFields, answerAct, answerForm, type FormStatus } from './answer.ts'
import { readNewServer, readServer, serverValues, withoutKeys } from './database-server-form.ts'

const mostShown = 50

export const databaseServerRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.adminDatabaseServers(), listPage)
    .get(paths.adminDatabaseServer('new'), async c =>
      newPage(c, { values: (await takeKeptForm(c))?.values ?? {}, errors: {} }),
    )
    .post(paths.adminDatabaseServer('new'), create)
    .get('/admin/database-servers/:id', async c => recordPage(c, numberIn(c), null))
    .post('/admin/database-servers/:id', async c => change(c, numberIn(c)))
    .post('/admin/database-servers/:id/check', async c => {
      const id = numberIn(c)
      const result = await checkNow(c.var.deps, c.var.actor, id)
      const said = (name: string) =>
        `${name} is being checked. The result is shown below as soon as it is there.`
      return answerAct(c, result, paths.adminDatabaseServer(id), said)
    })
    .get('/admin/database-servers/:id/retire', async c => retirePage(c, numberIn(c)))
    .post('/admin/database-servers/:id/retire', async c => {
      const id = numberIn(c)
      const result = await setServerStatus(c.var.deps, c.var.actor, id, 'RETIRED')
      const said = (name: string) => `${name} is retired: nothing is granted on it any more.`
      return answerAct(c, result, paths.adminDatabaseServer(id), said)
    })
    .post('/admin/database-servers/:id/use', async c => {
      const id = numberIn(c)
      const result = await setServerStatus(c.var.deps, c.var.actor, id, 'ACTIVE')
      return answerAct(c, result, paths.adminDatabaseServer(id), name => `${name} is in use again.`)
    })

const numberIn = (c: Ctx) => numberOf(c.req.param('id')) ?? 0

async function listPage(c: Ctx) {
  const chrome = await chromeOf(c, 'admin-database-servers')
  const rows = await serverList(c.var.deps.db)
  return c.html(<DatabaseServersPage chrome={chrome} rows={rows} engines={everyEngine()} />)
}

async function create(c: Ctx) {
  const form = await parseForm(c, AnyFields)
  const read = readNewServer(form.values, form.fields, c.var.deps.clock.now())
  if (!form.ok || !read.ok) return newPage(c, withErrors(form, read.ok ? form.errors : read.errors), 422)
  const { deps, actor } = c.var
  const result = await createServer(deps, actor, read.engine, read.facts, read.credential)
  return answerForm(
    c,
    form,
    result,
    (state, status) => newPage(c, state, status),
    id => ({
      path: paths.adminDatabaseServer(id),
      said: `${read.facts.name} was entered and is being checked.`,
    }),
  )
}

async function change(c: Ctx, id: number) {
  const form = await parseForm(c, AnyFields)
  const { deps, actor } = c.var
  const server = await findServer(deps.db, id)
  if (!server) return notFoundPage(c)
  const read = readServer(server.engine, form.values, form.fields, deps.clock.now())
  if (!form.ok || !read.ok)
    return recordPage(c, id, withErrors(form, read.ok ? form.errors : read.errors), 422)
  const version = numberOf(form.values.version) ?? 0
  const result = await changeServer(deps, actor, id, version, read.facts, read.credential)
  return answerForm(
    c,
    form,
    result,
    (state, status) => recordPage(c, id, state, status),
    ({ name, moved }) => ({ path: paths.adminDatabaseServer(id), said: saidOf(name, moved) }),
  )
}

const saidOf = (name: string, moved: number): Flash =>
  moved === 0
    ? { kind: 'done', text: `${name} was saved.` }
    : {
        kind: 'warning',
        text: `${name} was saved. ${moved === 1 ? '1 account is' : `${moved} accounts are`} open on it: their owners see the new name or address from now on. If another server answers there, they are suspended until Check now has passed.`,
      }

const newPage = async (c: Ctx, form: FormState, status: FormStatus = 200) =>
  c.html(
    <NewDatabaseServerPage
      chrome={await chromeOf(c, 'admin-database-servers')}
      form={{ ...form, values: withoutKeys(form.values) }}
      engines={everyEngine()}
    />,
    status,
  )

async function recordPage(c: Ctx, id: number, form: FormState | null, status: FormStatus = 200) {
  const { db } = c.var.deps
  const server = await findServer(db, id)
  if (!server) return notFoundPage(c)
  const shown = form ?? { values: (await takeKeptForm(c))?.values ?? serverValues(server), errors: {} }
  return c.html(
    <DatabaseServerPage
      chrome={await chromeOf(c, 'admin-database-servers')}
      form={{ ...shown, values: withoutKeys(shown.values) }}
      server={server}
      version={versionOfForm(form, status) ?? server.version}
      engine={engineWords(server.engine)}
      credential={credentialWords(server)}
      authorities={server.ca === null ? [] : authoritiesIn(server.ca)}
      assets={await assetsOnServer(db, id)}
      open={await openAccounts(db, { serverId: id }, mostShown)}
      history={await historyOf(db, 'database-server', id)}
    />,
    status,
  )
}

/** A form that was wrong keeps its version; after a conflict the next Save counts. */
const versionOfForm = (form: FormState | null, status: FormStatus) =>
  status === 422 ? numberOf(form?.values.version) : undefined

const credentialWords = ({ credential, credential_secret_id }: DatabaseServer) =>
  credential ?? (credential_secret_id === null ? 'none' : 'stored in the vault')

async function retirePage(c: Ctx, id: number) {
  const { db } = c.var.deps
  const server = await findServer(db, id)
  if (!server) return notFoundPage(c)
  return c.html(
    <RetireServerPage
      chrome={await chromeOf(c, 'admin-database-servers')}
      server={server}
      assets={await assetsOnServer(db, id)}
      open={await openAccounts(db, { serverId: id }, mostShown)}
    />,
  )
}
