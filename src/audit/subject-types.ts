import type { AuditSubject } from './record.ts'

/** What the trail tells of, as people read it. */
export const subjectWords = {
  access: 'access',
  'access-type': 'access type',
  absence: 'absence',
  action: 'action',
  asset: 'asset',
  campaign: 're-validation campaign',
  customer: 'customer',
  job: 'job',
  mail: 'mail',
  notice: 'post',
  person: 'person',
  runbook: 'runbook',
  'service-request': 'service request',
  session: 'session',
  setting: 'settings',
} as const satisfies Record<AuditSubject['type'], string>

export const subjectTypes = Object.keys(subjectWords) as AuditSubject['type'][]
