import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { AppEnv, Ctx } from '../http/env.ts'
import { readFields } from '../http/forms.ts'
import { identifiedRecently, operatorsIdentified, signedIn } from '../http/guards.ts'
import { problem } from '../http/respond.ts'
import { paths } from '../paths.ts'
import type { FieldErrors } from '../result.ts'
import { Secret } from '../secret.ts'
import { readStart, type StartReading, startWords } from '../service-requests/requested-start.ts'
import { backToPage, drawAccount, leadBack, readSentAccount, type SentAccount } from './account-answer.tsx'
import { newPasswordField, resetAtField, resetOffsetField, resetZoneField } from './account-fields.ts'
import { cancelReset } from './cancel-reset.ts'
import { resetPassword } from './reset-password.ts'

const at = (path: string) => path.replaceAll('%3A', ':')
const resetPath = at(paths.resetDatabasePassword(':person', ':id'))
const cancelPath = at(paths.cancelDatabaseReset(':person', ':id'))

/** Reset Database Password, now or at a time, and how to take a time back. */
export const resetPasswordRoutes = () =>
  new Hono<AppEnv>()
    .get(resetPath, signedIn, backToPage)
    .post(resetPath, signedIn, operatorsIdentified(), choosersIdentified, reset)
    .get(cancelPath, signedIn, backToPage)
    .post(cancelPath, signedIn, operatorsIdentified(), cancel)

/** Whoever chooses a password knows it afterwards: as good as being shown it. */
const choosersIdentified = createMiddleware<AppEnv>(async (c, next) =>
  (await typedPassword(c)) === '' ? next() : identifiedRecently(c, next),
)

const typedPassword = async (c: Ctx): Promise<string> =>
  (await readFields(c))[newPasswordField(Number(c.req.param('id')))]?.at(-1) ?? ''

async function reset(c: Ctx) {
  const sent = await readSentAccount(c)
  if (sent instanceof Response) return sent
  const { access, form } = sent
  if (!form.ok) return drawAccount(c, sent, { errors: form.errors, status: 422 })
  const start = startOf(c, sent)
  if ('message' in start) return again(c, sent, { at: start.message }, start)
  const typed = await typedPassword(c)
  const done = await resetPassword(c.var.deps, c.var.actor, access.id, {
    ...(typed !== '' && { password: new Secret(typed) }),
    ...(start.kind === 'at' && { at: start.start.instant }),
  })
  if (done.ok) return leadBack(c, sent, begunWords(c, sent, start))
  if (done.problem.kind === 'conflict')
    return leadBack(c, sent, { kind: 'warning', text: done.problem.message })
  if (done.problem.kind !== 'invalid') return problem(c, done.problem)
  return again(c, sent, done.problem.fields, start)
}

/** Reset at, as Requested Start is read: empty means now. */
function startOf(c: Ctx, { access, form: { values } }: SentAccount): StartReading {
  const { actor, deps } = c.var
  const offset = values[resetOffsetField(access.id)] ?? ''
  const typed = {
    wall: values[resetAtField(access.id)] ?? '',
    zone: values[resetZoneField(access.id)] ?? actor.timeZone ?? 'UTC',
    offset: /^-?\d{1,4}$/.test(offset) ? Number(offset) : null,
    ifEmpty: 'to reset the password now',
  }
  return readStart(typed, deps.clock.now())
}

/** What is wrong, beside the field; the password has to be typed again. */
function again(c: Ctx, sent: SentAccount, wrong: FieldErrors, start: StartReading) {
  const { id } = sent.access
  const names: Readonly<Record<string, string>> = { new_password: newPasswordField(id), at: resetAtField(id) }
  const errors = Object.fromEntries(
    Object.entries(wrong).map(([field, message]) => [names[field] ?? '', message]),
  )
  const choices = start.kind === 'ambiguous' || start.kind === 'at' ? start.choices : []
  const account = { accessId: id, password: null, certificate: null, choices }
  return drawAccount(c, sent, { errors, status: 422, account })
}

function begunWords(c: Ctx, { access, loaded }: SentAccount, start: StartReading): string {
  const name = access.database_account
  if (start.kind === 'at')
    return `The password of ${name} will be reset on ${startWords(start.start.instant, start.start.zone)}.`
  const { person } = loaded.requesting.person
  const who = c.var.actor.id === person.id ? 'You get' : `${person.display_name} gets`
  return `The password of ${name} is being reset. ${who} a mail when it is done; until then the old one is good.`
}

async function cancel(c: Ctx) {
  const sent = await readSentAccount(c)
  if (sent instanceof Response) return sent
  const cancelled = await cancelReset(c.var.deps, c.var.actor, sent.access.id)
  if (cancelled.ok) return leadBack(c, sent, `The password of ${cancelled.value} will not be reset.`)
  if (cancelled.problem.kind !== 'conflict') return problem(c, cancelled.problem)
  return leadBack(c, sent, { kind: 'warning', text: cancelled.problem.message })
}
