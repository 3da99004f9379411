import { hostname } from 'node:os'
import path from 'node:path'
import { assertUsable, ConfigError, isLoopback, originsIn } from './config-checks.ts'
import { type Env, type OptionRow, parse, rawValue, type ValueOf } from './config-values.ts'
import { Secret } from './secret.ts'

export { ConfigError, isLoopback }

/** THE option table: validation, `gatehouse config` and the table in README.md are made from it. */
export const options = {
  PORT: { kind: 'number', default: '3000', min: 0, max: 65535, help: 'Port to listen on.' },
  HOST: { kind: 'text', default: '127.0.0.1', help: 'Address to listen on.' },
  PUBLIC_URL: {
    kind: 'url',
    help: 'Address people open, such as `https://portal.example.com`. Decides cookies, links in mails and allowed origins. Default: `http://127.0.0.1:PORT`.',
  },
  ALLOW_HTTP: {
    kind: 'flag',
    default: '0',
    help: 'Set to `1` to allow an `http` PUBLIC_URL that is not loopback. Passwords then cross the network in clear.',
  },
  ALLOWED_ORIGINS: {
    kind: 'text',
    default: '',
    help: 'Further origins that may send forms, separated by comma.',
  },
  TRUST_PROXY: {
    kind: 'number',
    default: '0',
    min: 0,
    max: 10,
    help: 'How many reverse proxies stand in front; that many entries of `X-Forwarded-For` are believed.',
  },
  DATA_DIR: {
    kind: 'text',
    default: 'data',
    help: 'Folder for the SQLite file, run spools, keys, and files and logs of assets that are kept nowhere else.',
  },
  DATABASE_URL: {
    kind: 'secret',
    help: '`postgres://user:password@host/database` to use PostgreSQL. Default: SQLite in DATA_DIR.',
  },
  MASTER_KEY: {
    kind: 'secret',
    help: 'Key that encrypts stored passwords: base64 of 32 random bytes (`openssl rand -base64 32`). Default: `DATA_DIR/master.key`, made at the first start. Back it up apart from the database: without it stored passwords are lost.',
  },
  NEW_MASTER_KEY: {
    kind: 'secret',
    help: 'The key that `key rotate` puts in the place of MASTER_KEY; nothing else reads it. Not needed where the key is `DATA_DIR/master.key`.',
  },
  SQLITE_SYNCHRONOUS: {
    kind: 'choice',
    choices: ['FULL', 'NORMAL'],
    default: 'FULL',
    help: 'FULL: an acknowledged act survives power loss. NORMAL: faster, may lose the last moments.',
  },
  LOG_LEVEL: {
    kind: 'choice',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    help: 'How much is logged (JSON lines on standard output).',
  },
  SMTP_URL: {
    kind: 'secret',
    help: '`smtp://user:password@host:587`, or `smtps://` for TLS from the start. STARTTLS is required unless the server is on this machine or the address ends with `?ignoreTLS=true`; certificates are always verified. Without it mails stay readable under Administration › Mail.',
  },
  MAIL_FROM: { kind: 'text', default: 'Gatehouse <gatehouse@localhost>', help: 'Sender of all mails.' },
  WORKER_CONCURRENCY: {
    kind: 'number',
    default: '8',
    min: 1,
    max: 200,
    help: 'Jobs one process runs at the same time.',
  },
  JOB_INTERVAL: {
    kind: 'number',
    default: '5',
    min: 1,
    max: 300,
    help: 'Seconds between looks for due jobs; queueing wakes workers at once.',
  },
  LEASE_SECONDS: {
    kind: 'number',
    default: '30',
    min: 5,
    max: 600,
    help: 'How long a worker holds a job without a heartbeat.',
  },
  STOP_WAIT: {
    kind: 'number',
    default: '20',
    min: 0,
    max: 3600,
    help: 'Seconds a stopping process waits for running steps before it leaves them to be adopted by the next start.',
  },
  LATE_LIMIT: {
    kind: 'number',
    default: '30',
    min: 1,
    max: 1440,
    help: 'Minutes a request may start after its Requested Start; then it is MISSED.',
  },
  RUN_LOG_LIMIT: {
    kind: 'number',
    default: '100',
    min: 1,
    max: 10000,
    help: 'MiB kept of one run’s log: the first 90 % and the last 10 %.',
  },
  UPLOAD_LIMIT: {
    kind: 'number',
    default: '10240',
    min: 1,
    max: 5_000_000,
    help: 'MiB one uploaded file may have; a store of an asset may have a lower limit of its own.',
  },
  SESSION_IDLE: {
    kind: 'number',
    default: '60',
    min: 5,
    max: 43200,
    help: 'Minutes without a request after which a session ends.',
  },
  SESSION_ABSOLUTE: {
    kind: 'number',
    default: '720',
    min: 5,
    max: 43200,
    help: 'Minutes after which a session ends in any case.',
  },
  OIDC_ISSUER: {
    kind: 'url',
    help: 'Issuer of an OpenID Connect provider; with OIDC_CLIENT_ID it offers sign-in through it.',
  },
  OIDC_CLIENT_ID: {
    kind: 'text',
    help: 'Client ID registered there; redirect URI is `PUBLIC_URL/sign-in/openid/callback`.',
  },
  OIDC_CLIENT_SECRET: { kind: 'secret', help: 'Client secret, for confidential clients.' },
  OIDC_NAME: { kind: 'text', default: 'Single sign-on', help: 'Name of the provider on the sign-in page.' },
  SUPPORT_CASE: {
    kind: 'text',
    help: 'Where “Open a support case” leads: a `mailto:` address or an `https:` page.',
  },
  WORKER_HOST: {
    kind: 'text',
    default: hostname(),
    help: 'Name of this machine; runs are adopted only where they were started.',
  },
} as const satisfies Record<string, OptionRow>

export type OptionName = keyof typeof options

type Raw = {
  [K in OptionName]: (typeof options)[K] extends { default: string }
    ? ValueOf<(typeof options)[K]>
    : ValueOf<(typeof options)[K]> | undefined
}

export interface Config extends Omit<Raw, 'PUBLIC_URL'> {
  /** Without a slash at the end. */
  PUBLIC_URL: string
  /** Origins whose forms are accepted. */
  origins: readonly string[]
  /** Cookies carry Secure and the __Host- prefix. */
  secure: boolean
  /** Options whose value came out of a file, and which. */
  files: Readonly<Partial<Record<OptionName, string>>>
}

/** Reads and checks all options. Throws a ConfigError naming the option and what is right. */
export function readConfig(env: Env = process.env): Config {
  const raw = Object.fromEntries(
    Object.entries(options).map(([name, row]) => [
      name,
      parse(name, row, rawValue(env, name) ?? (row as OptionRow).default),
    ]),
  ) as Raw
  assertUsable(raw)
  const publicUrl = (raw.PUBLIC_URL ?? `http://127.0.0.1:${raw.PORT}`).replace(/\/+$/, '')
  const url = new URL(publicUrl)
  const loopback = isLoopback(url.hostname)
  if (url.protocol === 'http:' && !loopback && !raw.ALLOW_HTTP)
    throw new ConfigError(
      `PUBLIC_URL is ${publicUrl}: passwords would cross the network in clear. Use https, or set ALLOW_HTTP=1 if you accept that.`,
    )
  const twins =
    loopback && url.protocol === 'http:'
      ? ['127.0.0.1', 'localhost'].map(h => `http://${h}${url.port ? `:${url.port}` : ''}`)
      : []
  return {
    ...raw,
    DATA_DIR: path.resolve(raw.DATA_DIR),
    PUBLIC_URL: publicUrl,
    secure: url.protocol === 'https:',
    origins: [...new Set([url.origin, ...twins, ...originsIn(raw.ALLOWED_ORIGINS)])],
    files: Object.fromEntries(
      Object.keys(options).flatMap(name => {
        const file = env[`${name}_FILE`]
        return file === undefined ? [] : [[name, file]]
      }),
    ),
  }
}

/** A secret that runbooks refer to: GATEHOUSE_SECRET_NAME, or its _FILE variant. */
export function secretFromEnvironment(name: string, env: Env = process.env): Secret | undefined {
  const value = rawValue(env, name)
  return value === undefined ? undefined : new Secret(value)
}

/** All that programs started by the portal inherit of its environment, which holds secrets. */
export function inheritedEnvironment(env: Env = process.env): Record<string, string> {
  const { PATH, HOME, LANG, TZ } = env
  return {
    PATH: PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: HOME ?? '/',
    LANG: LANG ?? 'C.UTF-8',
    ...(TZ === undefined ? {} : { TZ }),
  }
}
