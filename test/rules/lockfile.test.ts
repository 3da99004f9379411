import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../support/source-files.ts'

interface Locked {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const { packages } = JSON.parse(readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>
}

test('the lockfile names every package that npm ci looks for, of other platforms too', () => {
  const missing = Object.entries(packages).flatMap(([place, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter(name => !foundFrom(place, name))
      .map(name => `${name}, wanted by ${place}`),
  )
  expect(missing).toEqual([])
})

test('the lockfile names no registry', () => {
  expect(Object.keys(packages).length).toBeGreaterThan(100)
  expect(Object.values(packages).filter(locked => 'resolved' in locked)).toEqual([])
})

/** As Node looks for it: beside the package, then in each folder above. */
function foundFrom(place: string, name: string): boolean {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (`${at}${at && '/'}node_modules/${name}` in packages) return true
    if (at === '') return false
  }
}
