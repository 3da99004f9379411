import { seedActions } from '../seeds/actions.ts'
import type { Migration } from './migration.ts'

export const builtInActions: Migration = {
  name: '0009-built-in-actions',
  up: tx => seedActions(tx),
}
