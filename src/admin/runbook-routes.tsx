import { Hono } from 'hono'
import { adminCrumbs } from '../../views/admin/admin-crumb.ts'
import { DryRunPage } from '../../views/admin/dry-run-page.tsx'
import { NewRunbookPage, RunbookPage } from '../../views/admin/runbook-page.tsx'
import { RunbookVersionsPage } from '../../views/admin/runbook-versions-page.tsx'
import { RunbooksPage } from '../../views/admin/runbooks-page.tsx'
import { ConfirmPage } from '../../views/ui/confirm-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { typesOfRunbook } from '../access/access-type-uses.ts'
import { assetList, findAsset } from '../assets/queries.ts'
import { historyOf } from '../audit/queries.ts'
import { dryRun, fieldsUsedBy } from '../automation/dry-run.ts'
import { findRunbook, runbookList, runbookVersions, usesOfRunbook } from '../automation/runbook-queries.ts'
import { firstRunbookText, readableRunbook, readRunbook } from '../automation/runbook-text.ts'
import { changeRunbook, createRunbook, setRunbookStatus } from '../automation/runbooks.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { numberOf, queryOf } from '../http/query.ts'
import { chromeOf, notFoundPage } from '../http/respond.ts'
import { paths } from '../paths.ts'
import type { FieldErrors } from '../result.ts'
import { answerAct, answerForm, type FormStatus } from './answer.ts'
import { RunbookForm } from './forms.ts'

export const runbookRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.adminRunbooks(), async c =>
      c.html(
        <RunbooksPage chrome={await chromeOf(c, 'admin-runbooks')} rows={await runbookList(c.var.deps.db)} />,
      ),
    )
    .get(paths.adminRunbook('new'), async c =>
      newPage(c, { values: (await takeKeptForm(c))?.values ?? { definition: firstRunbookText }, errors: {} }),
    )
    .post(paths.adminRunbook('new'), async c => {
      const form = await parseForm(c, RunbookForm)
      if (!form.ok) return newPage(c, form, 422)
      const result = await createRunbook(c.var.deps, c.var.actor, form.value)
      return answerForm(
        c,
        form,
        result,
        (state, status) => newPage(c, state, status),
        id => ({
          path: paths.adminRunbook(id),
          said: `${form.value.name} was created. Try it with Dry run, then choose it on an asset.`,
        }),
      )
    })
    .get('/admin/runbooks/:id', async c => recordPage(c, null))
    .post('/admin/runbooks/:id', async c => {
      const form = await parseForm(c, RunbookForm)
      if (!form.ok) return recordPage(c, form, 422)
      const id = numberOf(c.req.param('id')) ?? 0
      const seen = Number(form.fields.seen_version?.[0])
      const result = await changeRunbook(c.var.deps, c.var.actor, id, form.value, seen)
      return answerForm(
        c,
        form,
        result,
        (state, status) => recordPage(c, state, status),
        version => ({ path: paths.adminRunbook(id), said: `Saved. Version ${version} is the newest one.` }),
      )
    })
    .get('/admin/runbooks/:id/versions', async c => {
      const runbook = await runbookOf(c)
      if (!runbook) return notFoundPage(c)
      const versions = (await runbookVersions(c.var.deps.db, runbook.id)).map(version => ({
        ...version,
        definition: readableRunbook(version.definition),
      }))
      return c.html(
        <RunbookVersionsPage
          chrome={await chromeOf(c, 'admin-runbooks')}
          runbook={runbook}
          versions={versions}
        />,
      )
    })
    .get('/admin/runbooks/:id/dry-run', dryRunPage)
    .get('/admin/runbooks/:id/retire', retirePage)
    .post('/admin/runbooks/:id/retire', async c => {
      const id = numberOf(c.req.param('id')) ?? 0
      const result = await setRunbookStatus(c.var.deps, c.var.actor, id, 'RETIRED')
      return answerAct(c, result, paths.adminRunbook(id), () => 'The runbook is retired.')
    })
    .post('/admin/runbooks/:id/use', async c => {
      const id = numberOf(c.req.param('id')) ?? 0
      const result = await setRunbookStatus(c.var.deps, c.var.actor, id, 'ACTIVE')
      return answerAct(c, result, paths.adminRunbook(id), () => 'The runbook is back in use.')
    })

const newPage = async (c: Ctx, form: FormState, status: FormStatus = 200) =>
  c.html(<NewRunbookPage chrome={await chromeOf(c, 'admin-runbooks')} form={form} />, status)

async function runbookOf(c: Ctx) {
  const id = numberOf(c.req.param('id'))
  return id === undefined ? undefined : findRunbook(c.var.deps.db, id)
}

async function recordPage(c: Ctx, form: FormState | null, status: FormStatus = 200) {
  const { db } = c.var.deps
  const runbook = await runbookOf(c)
  const [newest] = runbook ? await runbookVersions(db, runbook.id) : []
  if (!runbook || !newest) return notFoundPage(c)
  const stored = {
    name: runbook.name,
    description: runbook.description,
    definition: readableRunbook(newest.definition),
  }
  const kept = await takeKeptForm(c)
  const shown: FormState = form ?? { values: kept?.values ?? stored, errors: {} }
  return c.html(
    <RunbookPage
      chrome={await chromeOf(c, 'admin-runbooks')}
      runbook={runbook}
      // A form that is sent again still began with the version it was drawn from.
      version={numberOf(shown.values.seen_version) ?? newest.version}
      form={shown}
      uses={await usesOfRunbook(db, runbook.id)}
      types={await typesOfRunbook(db, runbook.id)}
      history={await historyOf(db, 'runbook', runbook.id)}
    />,
    status,
  )
}

async function dryRunPage(c: Ctx) {
  const { db } = c.var.deps
  const runbook = await runbookOf(c)
  const [newest] = runbook ? await runbookVersions(db, runbook.id) : []
  const read = newest && readRunbook(newest.definition)
  if (!runbook || !newest || !read?.ok) return notFoundPage(c)
  const query = queryOf(c)
  const fields = fieldsUsedBy(read.definition)
  const asset = query.asset ? await findAsset(db, query.asset.trim().toUpperCase()) : undefined
  const errors: FieldErrors = query.asset !== undefined && !asset ? { asset: noAsset(query.asset) } : {}
  const field = Object.fromEntries(fields.map(name => [name, query[`field_${name}`] ?? '']))
  const plan = asset
    ? dryRun(read.definition, { asset: { ...asset.variables, id: asset.id }, field }, c.var.deps.config)
    : null
  const assets = await assetList(db, c.var.actor, { status: 'ACTIVE' }, {})
  return c.html(
    <DryRunPage
      chrome={await chromeOf(c, 'admin-runbooks')}
      runbook={runbook}
      version={newest.version}
      form={{ values: query, errors }}
      assets={assets.rows}
      fields={fields}
      plan={plan}
    />,
    plan || query.asset === undefined ? 200 : 422,
  )
}

const noAsset = (typed: string) =>
  typed.trim() === ''
    ? 'Type the id of an asset, such as 10000-DEV.'
    : `There is no asset ${typed.slice(0, 40)}. Type the id of one, such as 10000-DEV.`

/** What somebody holds has to be removable, so those go on using it. */
const typesWords = (types: readonly { name: string }[]) =>
  types.length === 0
    ? ''
    : `These access types go on using it until another runbook is chosen for them: ${types.map(type => type.name).join(', ')}.`

async function retirePage(c: Ctx) {
  const runbook = await runbookOf(c)
  if (!runbook) return notFoundPage(c)
  const uses = await usesOfRunbook(c.var.deps.db, runbook.id)
  const types = await typesOfRunbook(c.var.deps.db, runbook.id)
  return c.html(
    <ConfirmPage
      chrome={await chromeOf(c, 'admin-runbooks')}
      title={`Retire ${runbook.name}?`}
      crumbs={[...adminCrumbs.runbooks, { label: runbook.name, href: paths.adminRunbook(runbook.id) }]}
      what={
        uses.length === 0 ? (
          <p>No asset uses it. {typesWords(types)}</p>
        ) : (
          <>
            <p>These are no longer offered until another runbook is chosen for them:</p>
            <ul>
              {uses.map(use => (
                <li>
                  {use.action_name} on {use.asset_id}
                </li>
              ))}
            </ul>
            {types.length > 0 && <p>{typesWords(types)}</p>}
          </>
        )
      }
      action={paths.adminRunbookEvent(runbook.id, 'retire')}
      confirm="Retire"
      danger
      cancelHref={paths.adminRunbook(runbook.id)}
    />,
  )
}
