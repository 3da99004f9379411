import type { AuditSubject } from './record.ts'

/** What the trail tells of, as people read it. */
export const subjectWords = {
  access: 'access',
  'access-type': 'access type',
  absence: 'absence',
  action: 'action',
  asset: 'asset',
  'asset-store': 'file or log store',
  campaign: 're-validation campaign',
  customer: 'customer',
  'database-server': 'database server',
  job: 'job',
  mail: 'mail',
  'master-key': 'master key',
  notice: 'post',
  person: 'person',
  runbook: 'runbook',
  'service-request': 'service request',
  session: 'session',
  setting: 'settings',
} as const satisfies Record<AuditSubject['type'], string>

export const subjectTypes = Object.keys(subjectWords) as AuditSubject['type'][]
