import type { Config } from '../config.ts'
import type { ServiceRequest } from './find-request.ts'

/** What one sends to the operations team when a request has failed. */
export interface SupportCase {
  subject: string
  text: string
  /** By mail or on a page, as the operator configured; null: the text has to be copied. */
  href: string | null
}

interface CaseFacts {
  request: ServiceRequest
  environment: { id: string; description: string }
  /** The step that failed. */
  step: string | null
  /** Redacted last lines of its output. */
  excerpt: readonly string[]
  address: string
}

/** Mail programs cut longer addresses off. */
const LONGEST_MAIL = 1800

export function supportCase(config: Pick<Config, 'SUPPORT_CASE'>, facts: CaseFacts): SupportCase {
  const { request, environment } = facts
  const subject = `Service request ${request.id}: ${request.action_name} on ${environment.id} ${request.status}`
  const text = textOf(facts)
  return { subject, text, href: hrefOf(config.SUPPORT_CASE, subject, text) }
}

function textOf({ request, environment, step, excerpt, address }: CaseFacts): string {
  return [
    `Please complete this action: ${request.action_name} on ${environment.id} (${environment.description}).`,
    'This action was attempted via the self-service portal.',
    [
      `Service Request: ${request.id} (${request.status})`,
      `Environment:     ${environment.id}`,
      `Action:          ${request.action_name}`,
      ...(step ? [`Step:            ${step}`] : []),
      `Started:         ${request.actual_start ?? 'never'}`,
      ...(request.reason ? [`What happened:   ${request.reason}`] : []),
      `Details:         ${address}`,
    ].join('\n'),
    ...(excerpt.length ? [`Last lines of the log:\n${excerpt.map(line => `  ${line}`).join('\n')}`] : []),
  ].join('\n\n')
}

function hrefOf(configured: string | undefined, subject: string, text: string): string | null {
  if (!configured) return null
  if (!configured.startsWith('mailto:')) return /^https?:\/\//.test(configured) ? configured : null
  const body = text.length > LONGEST_MAIL ? `${text.slice(0, LONGEST_MAIL)}\n…` : text
  const separator = configured.includes('?') ? '&' : '?'
  return `${configured}${separator}subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll('\n', '\r\n'))}`
}
