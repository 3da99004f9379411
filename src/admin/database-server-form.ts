import { isIP } from 'node:net'
import { z } from 'zod'
import type { DatabaseEngine } from '../../db/schema.ts'
import { readCa, readPin } from '../database-accounts/ca.ts'
import { engineWords, isEngine, readOptions } from '../database-accounts/engine-options.ts'
import type { Credential, ServerFacts } from '../database-accounts/server-verbs.ts'
import type { DatabaseServer } from '../database-accounts/servers.ts'
import type { FieldErrors } from '../result.ts'
import { Secret } from '../secret.ts'
import { secretReference } from '../secret-reference.ts'
import { firstErrors, line, optionalLine, orNull } from './fields.ts'

type Values = Readonly<Record<string, string>>
/** As sent, with the fields that are never drawn again. */
type Sent = Readonly<Record<string, readonly string[]>>
type Read<T> = ({ ok: true } & T) | { ok: false; errors: FieldErrors }

const label = /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$/
const isHost = (text: string) =>
  isIP(text) !== 0 ||
  (text.length <= 253 &&
    text
      .replace(/\.$/, '')
      .split('.')
      .every(part => label.test(part)) &&
    !/^[\d.]+$/.test(text))

const notAHost =
  'Use a host name such as db1.example.com, or an address such as 10.0.0.5: without port, path, space or user.'
const host = (fillIn: string) =>
  line(fillIn, 253)
    .transform(text => text.toLowerCase())
    .refine(isHost, notAHost)

const port = z
  .string()
  .default('')
  .transform(text => text.trim())
  .refine(text => text === '' || /^\d{1,5}$/.test(text), 'Use a whole number from 1 to 65535.')
  .transform(text => (text === '' ? null : Number(text)))
  .refine(
    number => number === null || (number >= 1 && number <= 65535),
    'Use a whole number from 1 to 65535.',
  )

const pin = z
  .string()
  .default('')
  .transform((text, context) => {
    if (text.trim() === '') return null
    const read = readPin(text)
    if (read !== null) return read
    context.addIssue(
      'Use the SHA-256 fingerprint of the certificate: 64 characters 0–9 and A–F, with or without colons.',
    )
    return z.NEVER
  })

const ServerForm = z.object({
  name: line('Type a name; operators know the server by it.', 60),
  host: host('Type the host name or address of the primary server.'),
  port,
  standby_host: optionalLine(253)
    .transform(text => text.toLowerCase())
    .refine(text => text === '' || isHost(text), notAHost)
    .transform(orNull),
  standby_port: port,
  admin_name: line('Type the name of the account the portal works with.', 128),
  pin,
  standby_pin: pin,
})

/** A new server: with its engine, and a credential in any case. */
export function readNewServer(
  values: Values,
  sent: Sent,
  now: Date,
): Read<{ engine: DatabaseEngine; facts: ServerFacts; credential: Exclude<Credential, { kind: 'keep' }> }> {
  const engine = values.engine ?? ''
  const chosen = isEngine(engine)
  const read = readServer(chosen ? engine : 'postgresql', values, sent, now)
  const errors: FieldErrors = {
    ...(chosen ? {} : { engine: 'Choose what kind of server it is.' }),
    ...(read.ok ? {} : read.errors),
  }
  if (!chosen || !read.ok) return { ok: false, errors }
  if (read.credential.kind === 'keep')
    return { ok: false, errors: { password: 'Type the password of that account, or refer to it below.' } }
  return { ok: true, engine, facts: read.facts, credential: read.credential }
}

/** What is wrong with any field is told at once. */
export function readServer(
  engine: DatabaseEngine,
  values: Values,
  sent: Sent,
  now: Date,
): Read<{ facts: ServerFacts; credential: Credential }> {
  const form = ServerForm.safeParse(values)
  const ca = readTypedCa(values.ca ?? '', now)
  const options = readOptions(engine, values.options ?? '')
  const credential = readCredential(sent)
  const errors: Record<string, string> = {
    ...(form.success ? {} : firstErrors(form.error)),
    ...(ca.ok ? {} : ca.errors),
    ...(options.ok ? {} : { options: options.message }),
    ...(credential.ok ? {} : credential.errors),
    ...(form.success ? wrongTogether(form.data, ca.ok ? ca.pem : null) : {}),
  }
  if (!form.success || !ca.ok || !options.ok || !credential.ok || Object.keys(errors).length > 0)
    return { ok: false, errors }
  const defaultPort = engineWords(engine).defaultPort
  const { standby_host, standby_port } = form.data
  const facts = {
    ...form.data,
    port: form.data.port ?? defaultPort,
    standby_port: standby_host === null ? null : (standby_port ?? form.data.port ?? defaultPort),
    ca: ca.pem,
    options: options.options,
  }
  return { ok: true, facts, credential: credential.credential }
}

function wrongTogether(form: z.output<typeof ServerForm>, ca: string | null): FieldErrors {
  const errors: Record<string, string> = {}
  if (form.standby_host === null && form.standby_port !== null)
    errors.standby_host = 'Type the standby’s host too, or remove its port: a standby has both.'
  if (form.standby_host === null && form.standby_pin !== null)
    errors.standby_pin = 'There is no standby. Remove this fingerprint, or type the standby’s host.'
  if (form.standby_host === form.host && (form.standby_port ?? form.port) === form.port)
    errors.standby_host = 'This is the primary itself. Type where the standby is, or leave it empty.'
  if (ca !== null && form.pin !== null)
    errors.pin = 'Give either the CA or fingerprints, so that it is clear what is believed.'
  if (ca !== null && form.standby_pin !== null)
    errors.standby_pin = 'Give either the CA or fingerprints, so that it is clear what is believed.'
  return errors
}

function readTypedCa(text: string, now: Date): Read<{ pem: string | null }> {
  if (text.trim() === '') return { ok: true, pem: null }
  const read = readCa(text, now)
  return read.ok ? { ok: true, pem: read.pem } : { ok: false, errors: { ca: read.message } }
}

const longestPassword = 1000

function readCredential(sent: Sent): Read<{ credential: Credential }> {
  const password = sent.password?.at(-1) ?? ''
  const reference = (sent.password_reference?.at(-1) ?? '').trim()
  if (password !== '' && reference !== '')
    return wrongReference('Give either the password or a reference to it, not both.')
  if (reference !== '')
    return secretReference.test(reference) && reference.length <= 500
      ? { ok: true, credential: { kind: 'reference', reference } }
      : wrongReference('Use env:GATEHOUSE_SECRET_NAME (capitals, digits and _) or file:/path/of/the/file.')
  if (password === '') return { ok: true, credential: { kind: 'keep' } }
  if (password.length > longestPassword)
    return { ok: false, errors: { password: `Use at most ${longestPassword} characters.` } }
  return { ok: true, credential: { kind: 'password', password: new Secret(password) } }
}

const wrongReference = (message: string) => ({ ok: false, errors: { password_reference: message } }) as const

/** What is never sent back: a key that was put in by mistake. */
export const withoutKeys = (values: Values): Values =>
  values.ca?.includes('PRIVATE KEY') ? { ...values, ca: '' } : values

/** The stored server as the fields of the form; the password is none of them. */
export const serverValues = (server: DatabaseServer): Values => ({
  name: server.name,
  host: server.host,
  port: String(server.port),
  standby_host: server.standby_host ?? '',
  standby_port: server.standby_port === null ? '' : String(server.standby_port),
  admin_name: server.admin_name,
  ca: server.ca ?? '',
  pin: server.pin ?? '',
  standby_pin: server.standby_pin ?? '',
  options: server.options === '{}' ? '' : JSON.stringify(JSON.parse(server.options), null, 2),
})
