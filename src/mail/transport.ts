import { createTransport, type Transporter } from 'nodemailer'
import type { Options } from 'nodemailer/lib/smtp-transport/index.js'
import { type Config, isLoopback } from '../config.ts'

const CONNECT_MS = 10_000
const SILENT_MS = 30_000

/** The SMTP server of the configuration; null when there is none and mails are kept. */
export function mailTransport(config: Pick<Config, 'SMTP_URL'>): Transporter | null {
  return config.SMTP_URL ? createTransport(smtpOptions(config.SMTP_URL.expose())) : null
}

/**
 * smtps: TLS from the first byte. smtp: STARTTLS, which only a server on this machine may lack, unless the address
 * says `?ignoreTLS=true`. Certificates are always verified.
 */
export function smtpOptions(address: string): Options {
  const url = new URL(address)
  const secure = url.protocol === 'smtps:'
  const ignoreTLS = url.searchParams.get('ignoreTLS') === 'true'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    ignoreTLS,
    requireTLS: !secure && !ignoreTLS && !isLoopback(url.hostname),
    tls: { minVersion: 'TLSv1.2' },
    auth: url.username
      ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
      : undefined,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
