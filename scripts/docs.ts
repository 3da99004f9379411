import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { withConfigurationTable } from './configuration-table.ts'

const readme = path.resolve(import.meta.dirname, '../README.md')
writeFileSync(readme, withConfigurationTable(readFileSync(readme, 'utf8')))
