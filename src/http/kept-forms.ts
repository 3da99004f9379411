import type { FormState } from '../../views/ui/form-state.ts'
import { after, days, nowInstant } from '../clock.ts'
import type { Deps } from '../deps.ts'
import { randomToken, tokenHash } from '../ids.ts'
import { paths } from '../paths.ts'
import type { Ctx } from './env.ts'
import { isSecretField, type RawFields, readFields } from './forms.ts'
import { localPath } from './local-path.ts'
import { leave, messagePage } from './respond.ts'

/** What a kept form may hold, so that nobody fills the database with them. */
const limits = { bytes: 64 * 1024, perPerson: 10 }
/** As long as the row of an ended session says whose it was. */
const keptFor = days(1)
const parameter = 'kept'
/** Names the form's own page, for forms that are drawn again at another address when something is to correct. */
const pageField = 'form_page'

/**
 * A form of a session that is over. Its owner gets it back, unsaved: at once when they have signed in again,
 * else after they do. Answers null when it is nobody's.
 */
export async function keepStaleForm(c: Ctx, sessionHash: string): Promise<Response | null> {
  const { db, clock } = c.var.deps
  if (sessionHash.startsWith('visitor-')) return c.var.session ? leave(c, paths.home()) : null
  const owner = await db
    .selectFrom('sessions')
    .select('person_id')
    .where('id_hash', '=', sessionHash)
    .where(eb => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', after(clock.now(), -keptFor))]))
    .executeTakeFirst()
  if (!owner) return null
  if (c.var.session && c.var.session.personId !== owner.person_id) return othersForm(c)
  const back = await keepForm(c, owner.person_id)
  return leave(c, c.var.session ? back : paths.signIn({ return_to: back }))
}

/** Keeps what was typed, without secrets, for this person; gives the address of the form's page that brings it back. */
export async function keepForm(c: Ctx, personId: string): Promise<string> {
  const sent = await readFields(c)
  const page = formPage(c, sent)
  const fields = keepable(sent)
  const text = JSON.stringify(fields)
  if (Object.keys(fields).length === 0 || Buffer.byteLength(text) > limits.bytes) return page
  const token = randomToken()
  const { db, clock } = c.var.deps
  await db.transaction().execute(async tx => {
    await tx
      .insertInto('kept_forms')
      .values({
        id_hash: tokenHash(token),
        person_id: personId,
        path: pathOf(page),
        fields: text,
        created_at: nowInstant(clock),
      })
      .execute()
    const surplus = tx
      .selectFrom('kept_forms')
      .select('id_hash')
      .where('person_id', '=', personId)
      .orderBy('created_at', 'desc')
      .orderBy('id_hash')
      .limit(1000)
      .offset(limits.perPerson)
    await tx.deleteFrom('kept_forms').where('id_hash', 'in', surplus).execute()
  })
  return withParameter(page, token)
}

/** `values` has the last one of a field sent several times. */
export interface KeptForm extends FormState {
  fields: RawFields
}

/** The form that comes back on this page, for its owner only. Reading it again, as on reload, gives it again. */
export async function takeKeptForm(c: Ctx): Promise<KeptForm | null> {
  const token = c.req.query(parameter)
  if (!token || !c.var.session) return null
  const { db, clock } = c.var.deps
  const row = await db
    .selectFrom('kept_forms')
    .select('fields')
    .where('id_hash', '=', tokenHash(token))
    .where('person_id', '=', c.var.session.personId)
    .where('path', '=', c.req.path)
    .where('created_at', '>', after(clock.now(), -keptFor))
    .executeTakeFirst()
  if (!row) return null
  c.set('flash', {
    kind: 'warning',
    text: 'Your form is back as you filled it in. It is not saved yet: check it, and press its button again.',
  })
  const fields = JSON.parse(row.fields) as Record<string, string[]>
  const values = Object.fromEntries(Object.entries(fields).map(([name, all]) => [name, all.at(-1) ?? '']))
  return { values, errors: {}, fields }
}

/** Whether this address brings a form back. */
export const bringsFormBack = (path: string) =>
  new URL(path, 'http://portal.invalid').searchParams.has(parameter)

/** Nobody came back for them. */
export async function forgetKeptForms({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  await db.deleteFrom('kept_forms').where('created_at', '<', after(clock.now(), -keptFor)).execute()
}

/** The page that holds the form: named by the form itself, else where the browser says it was. */
function formPage(c: Ctx, sent: RawFields): string {
  const named = sent[pageField]?.at(-1)
  if (named) return localPath(named)
  const referer = URL.parse(c.req.header('referer') ?? '')
  const ours = referer !== null && c.var.deps.config.origins.includes(referer.origin)
  return localPath(ours ? `${referer.pathname}${referer.search}` : null, paths.home())
}

const keepable = (fields: RawFields) =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([name, values]) => !isSecretField(name) && name !== pageField && !values.some(holdsKey),
    ),
  )

/** Put in with a certificate, by mistake. */
const holdsKey = (text: string) => text.includes('PRIVATE KEY-----')

const pathOf = (page: string) => new URL(page, 'http://portal.invalid').pathname

function withParameter(page: string, token: string) {
  const url = new URL(page, 'http://portal.invalid')
  url.searchParams.set(parameter, token)
  return `${url.pathname}${url.search}`
}

const othersForm = (c: Ctx) =>
  messagePage(c, 403, {
    title: 'This form belongs to someone else',
    lines: [
      'The page was drawn while another person was signed in in this browser. Nothing was saved.',
      'Open the page again, fill it in and send it.',
    ],
  })
