import { Hono } from 'hono'
import { SettingsPage } from '../../views/admin/settings-page.tsx'
import type { FormState } from '../../views/ui/form-state.ts'
import { historyOf } from '../audit/queries.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { chromeOf } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { fail } from '../result.ts'
import { changeSettings, readTyped, settingsVersion } from '../settings/change-settings.ts'
import { readSettings, settingNames } from '../settings/settings.ts'
import { AnyFields, answerForm, type FormStatus } from './answer.ts'

export const settingsRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.adminSettings(), async c => page(c, null))
    .post(paths.adminSettings(), async c => {
      const form = await parseForm(c, AnyFields)
      if (!form.ok) return page(c, form, 422)
      const read = readTyped(form.values)
      if (!read.ok && read.problem.kind === 'invalid')
        return page(c, withErrors(form, read.problem.fields), 422)
      const result = read.ok
        ? await changeSettings(c.var.deps, c.var.actor, form.values.version ?? '', read.value)
        : fail(read.problem)
      return answerForm(
        c,
        form,
        result,
        (state, status) => page(c, state, status),
        () => ({ path: paths.adminSettings(), said: 'The settings were saved. They hold from now on.' }),
      )
    })

async function page(c: Ctx, form: FormState | null, status: FormStatus = 200) {
  const { db } = c.var.deps
  const stored = await readSettings(db)
  const shown = Object.fromEntries(settingNames.map(name => [name, String(stored[name] ?? '')]))
  const values = (await takeKeptForm(c))?.values ?? shown
  return c.html(
    <SettingsPage
      chrome={await chromeOf(c, 'admin-settings')}
      form={form ?? { values, errors: {} }}
      stored={status === 409 ? stored : null}
      version={versionOfForm(form, status) ?? (await settingsVersion(db))}
      history={await historyOf(db, 'setting', 'intervals')}
    />,
    status,
  )
}

/** A form that was wrong keeps its version; after a conflict both states were seen, and the next Save counts. */
const versionOfForm = (form: FormState | null, status: FormStatus) =>
  status === 422 ? form?.values.version : undefined
