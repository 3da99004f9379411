import { type Context, Hono } from 'hono'
import { navEntries, navigation } from '../../views/navigation.ts'
import { FindPage } from '../../views/profile/find-page.tsx'
import { ProfilePage } from '../../views/profile/profile-page.tsx'
import { emptyForm, type FormState } from '../../views/ui/form-state.ts'
import { ChangePasswordForm } from '../auth/forms.ts'
import { changePassword } from '../auth/password-change.ts'
import { blankSessionCookie, openSessions } from '../auth/sessions.ts'
import { giveCookie, visitOf } from '../auth/visit.ts'
import type { AppEnv, Ctx } from '../http/env.ts'
import { parseForm, withErrors } from '../http/forms.ts'
import { signedIn } from '../http/guards.ts'
import { takeKeptForm } from '../http/kept-forms.ts'
import { localPath } from '../http/local-path.ts'
import { chromeOf, leave, notFoundPage, problem, seeOther } from '../http/respond.ts'
import { paths } from '../paths.ts'
import { fold } from '../search-text.ts'
import { requestMailTemplates } from '../service-requests/request-mails.ts'
import { type Absence, endAbsence, nameStandIn, openAbsence, standInChoices } from './absences.ts'
import { setFavorite } from './page-book.ts'
import { changePreferences, findProfile, signOutSessions } from './profile.ts'
import {
  AbsenceForm,
  EndSessionForm,
  FavoriteForm,
  mailKinds,
  PreferencesForm,
  ThemeForm,
} from './profile-forms.ts'
import { timeZones } from './time-zones.ts'

/** What is one's own: profile, favorites, and the way to every page. */
export const profileRoutes = () =>
  new Hono<AppEnv>()
    .get(paths.profile(), signedIn, c => profilePage(c, {}))
    .post(paths.profile(), signedIn, savePreferences)
    .post(paths.profilePart('theme'), signedIn, saveTheme)
    .post(paths.profilePart('password'), signedIn, savePassword)
    .post(paths.profilePart('sessions'), signedIn, endSession)
    .post(paths.profilePart('absence'), signedIn, saveAbsence)
    .post('/favorites/:page', signedIn, async c => {
      const page = c.req.param('page')
      const form = await parseForm(c, FavoriteForm)
      if (!Object.hasOwn(navigation, page)) return notFoundPage(c)
      if (!form.ok)
        return problem(c, { kind: 'invalid', message: 'Press the star again.', fields: form.errors })
      await setFavorite(c.var.deps, c.var.actor.id, page, form.value.starred === 'yes')
      return leave(c, localPath(form.value.return_to))
    })
    .get(paths.findNavigation(), signedIn, async c => {
      const query = (c.req.query('q') ?? '').slice(0, 100).trim()
      const found = matching(c, query)
      const [only] = found
      if (only && found.length === 1) return leave(c, only.href)
      return c.html(<FindPage chrome={await chromeOf(c)} query={query} found={found} />)
    })

async function savePreferences(c: Ctx) {
  const form = await parseForm(c, PreferencesForm)
  if (!form.ok) return profilePage(c, { preferences: { values: form.values, errors: form.errors } })
  const { time_zone, theme, shortcuts } = form.value
  const muted = mailKinds.filter(kind => form.value[`mail-${kind}`] === undefined)
  const result = await changePreferences(c.var.deps, c.var.actor, {
    timeZone: time_zone,
    theme,
    shortcuts: shortcuts === 'yes',
    mutedMails: muted,
  })
  return result.ok ? seeOther(c, paths.profile(), 'Your profile is saved.') : problem(c, result.problem)
}

async function saveTheme(c: Ctx) {
  const form = await parseForm(c, ThemeForm)
  if (!form.ok) return problem(c, { kind: 'invalid', message: 'Choose a theme.', fields: form.errors })
  const result = await changePreferences(c.var.deps, c.var.actor, { theme: form.value.theme })
  return result.ok ? leave(c, localPath(form.value.return_to)) : problem(c, result.problem)
}

async function savePassword(c: Ctx) {
  const { deps, session } = c.var
  const form = await parseForm(c, ChangePasswordForm)
  if (!form.ok || !session) return profilePage(c, { password: { values: form.values, errors: form.errors } })
  const { current_password: current, password: wanted } = form.value
  const result = await changePassword(deps, session, { current, wanted }, visitOf(c))
  if (result.ok) return seeOther(c, paths.profile(), passwordChanged(result.value.ended))
  if (result.problem.kind !== 'invalid') return problem(c, result.problem)
  return profilePage(c, { password: withErrors(form, result.problem.fields) })
}

const passwordChanged = (ended: number) =>
  ended === 0
    ? 'Your password is changed.'
    : `Your password is changed, and ${ended === 1 ? 'your other session is' : `your ${ended} other sessions are`} ended.`

/** One session, or `all`: then this one too. */
async function endSession(c: Ctx) {
  const { deps, session } = c.var
  const form = await parseForm(c, EndSessionForm)
  if (!form.ok) return problem(c, { kind: 'invalid', message: 'Choose a session.', fields: form.errors })
  const which = form.value.session
  const result = await signOutSessions(deps, c.var.actor, which === 'all' ? 'everywhere' : { only: which })
  if (!result.ok) return problem(c, result.problem)
  if (which !== 'all' && which !== session?.idHash)
    return seeOther(c, paths.profile(), 'That session is signed out.')
  giveCookie(c, blankSessionCookie(deps))
  return seeOther(
    c,
    paths.signIn(),
    which === 'all' ? 'You are signed out everywhere.' : 'You are signed out.',
  )
}

/** Names a stand-in, or ends the absence. */
async function saveAbsence(c: Ctx) {
  const { deps, actor } = c.var
  const form = await parseForm(c, AbsenceForm)
  if (!form.ok) return profilePage(c, { absence: { values: form.values, errors: form.errors } })
  const { act, ...typed } = form.value
  const result = act === 'end' ? await endAbsence(deps, actor) : await nameStandIn(deps, actor, typed)
  if (result.ok) return seeOther(c, paths.profile(), absenceSaved(result.value ?? null))
  const { problem: found } = result
  if (found.kind === 'invalid') return profilePage(c, { absence: withErrors(form, found.fields) })
  if (found.kind !== 'conflict') return problem(c, found)
  return seeOther(c, paths.profile(), { kind: 'warning', text: found.message })
}

const absenceSaved = (named: Absence | null) =>
  named ? `${named.standInName} stands in for you.` : 'Nobody stands in for you any more.'

interface Wrong {
  preferences?: FormState
  password?: FormState
  absence?: FormState
}

async function profilePage(c: Ctx, wrong: Wrong) {
  const { deps, actor, session } = c.var
  const kept = await takeKeptForm(c)
  const page = {
    chrome: await chromeOf(c, 'profile'),
    profile: await findProfile(deps, actor.id),
    preferences: wrong.preferences ?? kept,
    password: wrong.password ?? emptyForm,
    absence: await absenceSection(c, wrong.absence ?? emptyForm),
    sessions: await openSessions(deps, actor.id),
    present: session?.idHash ?? '',
    timeZones,
    mailKinds: requestMailTemplates,
  }
  return c.html(<ProfilePage {...page} />, Object.keys(wrong).length > 0 ? 422 : 200)
}

/** Managers only: others decide nothing. */
async function absenceSection(c: Ctx, form: FormState) {
  const { deps, actor } = c.var
  if (actor.role !== 'MANAGER' || actor.managingCustomerId === null) return null
  return {
    form,
    absence: await openAbsence(deps.db, deps, actor.id),
    choices: await standInChoices(deps.db, actor),
    customer: actor.managingCustomerId,
  }
}

const matching = (c: Context<AppEnv>, query: string) =>
  navEntries(c.var.actor).filter(entry =>
    fold(`${entry.group ?? ''} ${entry.label}`)
      .split(' ')
      .some((_, i, words) => words.slice(i).join(' ').startsWith(fold(query))),
  )
