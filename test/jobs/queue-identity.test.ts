import { expect, test } from 'vitest'
import { bootedMs, isSurelyGone, ownIdentity } from '../../src/jobs/process-identity.ts'

const now = new Date()
const longAgo = 0
const justNow = now.getTime()
const own = ownIdentity()
const [boot, namespace] = own.bootId.split(':')

test('this very process is not gone', () => {
  expect(isSurelyGone(own, justNow, now)).toBe(false)
})

test('a pid that nobody has, or another process has now, is', () => {
  expect(isSurelyGone({ ...own, pid: 2 ** 22 + 1 }, justNow, now)).toBe(true)
  expect(isSurelyGone({ ...own, procStart: '1' }, justNow, now)).toBe(true)
})

test('a process of an earlier boot is, unless it was seen after this one', () => {
  const earlier = { ...own, bootId: `another-boot:${namespace}` }
  expect(isSurelyGone(earlier, longAgo, now)).toBe(true)
  expect(isSurelyGone(earlier, bootedMs(now) + 1000, now)).toBe(false)
})

test('into another container nobody can look', () => {
  const elsewhere = { ...own, bootId: `${boot}:1`, pid: 2 ** 22 + 1 }
  expect(isSurelyGone(elsewhere, longAgo, now)).toBe(false)
})

test('where little is known of a process, only a free pid proves it', () => {
  expect(isSurelyGone({ ...own, procStart: '' }, justNow, now)).toBe(false)
  expect(isSurelyGone({ ...own, bootId: '' }, longAgo, now)).toBe(false)
})
