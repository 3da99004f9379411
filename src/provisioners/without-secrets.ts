import type { Secret } from '../secret.ts'

/** Shorter ones stand in any text by chance; and an answer of a program has to stay readable. */
const shortest = 4

/** Puts `[secret]` in the place of secrets, as they are and as programs write them. */
export function withoutSecrets(text: string, secrets: readonly Secret[]): string {
  const forms = [...new Set(secrets.flatMap(secret => formsOf(secret.expose())))]
    .filter(form => form.length >= shortest)
    // The longest first: another form may be a part of it.
    .sort((a, b) => b.length - a.length)
  return forms.reduce((shown, form) => shown.replaceAll(form, '[secret]'), text)
}

/** One line of what a program says, for people. */
export const harmlessLine = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').trim()

function formsOf(secret: string): string[] {
  const written = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll('"', '""'),
    secret.replaceAll("'", "''"),
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ]
  const lines = secret.includes('\n') ? secret.split(/\r?\n/) : []
  return [...written, ...lines].flatMap(form => [form, harmlessLine(form)]).concat(base64Forms(secret))
}

/** At each of the three places of a byte in it: only the characters that no neighbour has a part in. */
const base64Forms = (secret: string): string[] =>
  [0, 1, 2].flatMap(before => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)]
    return (['base64', 'base64url'] as const).map(form => bytes.toString(form).slice(from, to))
  })
