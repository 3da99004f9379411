import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'

/** A wrong option is named at the start, with what is right; never found out at first use. */
test.each<[Record<string, string>, RegExp]>([
  [
    { DATABASE_URL: 'mysql://user:hush@db/portal' },
    /^DATABASE_URL is not .+ postgres:\/\/user:password@host/,
  ],
  [{ DATABASE_URL: 'db.example.com' }, /^DATABASE_URL is not/],
  [{ DATABASE_URL: 'postgres://user:hush%@db/portal' }, /^DATABASE_URL is not .+ %25/],
  [{ SMTP_URL: 'https://mail.example.com' }, /^SMTP_URL is not/],
  [{ PUBLIC_URL: 'https://example.com/portal' }, /^PUBLIC_URL holds .+ alone, such as/],
  [{ PUBLIC_URL: 'https://user:hush@example.com' }, /^PUBLIC_URL holds/],
  [{ ALLOWED_ORIGINS: 'https://a.example, b.example' }, /^ALLOWED_ORIGINS holds “b\.example”/],
  [{ MAIL_FROM: 'The portal' }, /^MAIL_FROM is “The portal”\. Use an e-mail address/],
  [{ OIDC_ISSUER: 'https://id.example.com' }, /both OIDC_ISSUER and OIDC_CLIENT_ID/],
  [{ OIDC_CLIENT_ID: 'portal' }, /both OIDC_ISSUER and OIDC_CLIENT_ID/],
  [{ OIDC_CLIENT_SECRET: 'hush' }, /both OIDC_ISSUER and OIDC_CLIENT_ID/],
  [{ OIDC_ISSUER: 'http://id.example.com', OIDC_CLIENT_ID: 'portal' }, /^OIDC_ISSUER is .+ Use https/],
  [{ SUPPORT_CASE: 'help@example.com' }, /^SUPPORT_CASE is .+ Use mailto:help@example\.com/],
])('%o is refused', (env, words) => {
  expect(() => readConfig(env)).toThrow(ConfigError)
  expect(() => readConfig(env)).toThrow(words)
})

test.each<Record<string, string>>([
  { DATABASE_URL: 'postgres://user:p%40ss@db.example.com:5432/portal?sslmode=verify-full' },
  { DATABASE_URL: 'postgresql:///portal?host=/run/postgresql' },
  { MAIL_FROM: 'Gatehouse <gatehouse@localhost>' },
  { MAIL_FROM: 'gatehouse@example.com' },
  { OIDC_ISSUER: 'http://127.0.0.1:8080/realm', OIDC_CLIENT_ID: 'portal' },
  { SUPPORT_CASE: 'mailto:help@example.com?cc=more@example.com' },
  { SUPPORT_CASE: 'https://help.example.com/new' },
])('%o is right', env => {
  expect(readConfig(env)).toBeTruthy()
})

test('origins are compared as browsers send them', () => {
  const { origins } = readConfig({
    PUBLIC_URL: 'https://Portal.example.com/',
    ALLOWED_ORIGINS: 'https://Old.example.com/, https://other.example.com:443',
  })
  expect(origins).toEqual([
    'https://portal.example.com',
    'https://old.example.com',
    'https://other.example.com',
  ])
})

test('a file without a value is not taken for “not set”', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'url')
  writeFileSync(file, '\n')
  expect(() => readConfig({ DATABASE_URL_FILE: file })).toThrow(/^DATABASE_URL_FILE is .+, which is empty/)
})
