import type { CheckState } from '../../src/database-accounts/server-states.ts'
import type { CheckLine } from '../../src/provisioners/provisioner.ts'
import type { StatusLook } from '../ui/status-badge.tsx'

export const checkLooks = {
  'not checked yet': 'waiting',
  failed: 'failed',
  'passed with warnings': 'warning',
  passed: 'done',
} as const satisfies Record<CheckState, StatusLook>

export const lineLooks = {
  ok: 'done',
  warning: 'warning',
  failed: 'failed',
} as const satisfies Record<CheckLine['level'], StatusLook>
