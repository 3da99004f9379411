import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withConfigurationTable } from '../../scripts/configuration-table.ts'
import { projectRoot } from '../support/source-files.ts'

const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8')

test('the configuration table is that of the code (npm run docs)', () => {
  expect(readme).toBe(withConfigurationTable(readme))
})

test('what it links to is there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = '']) => target)
  expect(links).toContain('CONTRIBUTING.md')
  expect(links.filter(target => !existsSync(path.join(projectRoot, target)))).toEqual([])
})
