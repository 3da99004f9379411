import { type Migration, run } from './migration.ts'

export const runValues: Migration = {
  name: '0011-run-values',
  up: (tx, { text }) => run(tx, `alter table runs add column plan_values ${text} not null default '{}'`),
}
