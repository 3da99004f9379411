import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.tsx'
import { paths } from '../../src/paths.ts'
import { accessNow, decisionLinkOf, editRequest, goAway, requestAccess } from '../support/access-requests.ts'
import {
  accessibilityProblems,
  openBrowser,
  type PageOptions,
  screenshot,
  scrollsSideways,
  type TestBrowser,
} from '../support/browser.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

/** Access Approvals and the decision link in a real browser: by keyboard alone, without scripts, wide and narrow. */
let browser: TestBrowser
let world: World
let server: Server
let url: string
let page: Page

beforeAll(async () => {
  execFileSync(process.execPath, ['scripts/build.mjs'])
  browser = await openBrowser()
}, 120_000)
beforeEach(async () => {
  world = await createWorld('sqlite')
  server = createServer(getRequestListener(createApp(world.deps).fetch)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  await page.context().close()
  server.closeAllConnections()
  server.close()
  await world.close()
})
afterAll(() => browser?.close())

const mine = paths.approvals('MANAGER01')

async function open(path: string, options: PageOptions = {}) {
  page = await browser.newPage({ baseURL: url, ...options })
  await page.goto(paths.signIn({ return_to: path }))
  await typeIn()
}

async function typeIn() {
  await page.getByLabel('Login ID', { exact: true }).fill('manager01@example.com')
  await page.getByLabel('Password', { exact: true }).fill(testPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function tabTo(is: (focused: string) => boolean) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const it = document.activeElement as HTMLInputElement | null
      return `${it?.name || ''} ${it?.textContent?.trim() ?? ''}`
    })
    if (is(focused)) return
  }
  throw new Error('The keyboard does not get there.')
}

test('a decision goes by the keyboard alone', async () => {
  const id = await requestAccess(world)
  await open(mine)
  await page.getByRole('heading', { level: 1, name: 'Manager 01' }).waitFor()
  await tabTo(focused => focused.endsWith('Details of USER02, 10000-DEV, Self-Service Portal'))
  await page.keyboard.press('Enter')
  await tabTo(focused => focused.startsWith(`disposition-${id}`))
  await page.keyboard.type('R')
  await tabTo(focused => focused.startsWith(`comments-${id}`))
  await page.keyboard.type('Not this month.')
  await tabTo(focused => focused.trim() === 'Save')
  await page.keyboard.press('Enter')
  await page.getByText('Saved: 1 REJECTED.').waitFor()
  expect(await accessNow(world, id)).toMatchObject({ status: 'REJECTED', reason: 'Not this month.' })
})

describe.each([true, false])('with JavaScript: %s', javaScript => {
  test('several are decided in one Save, each behind its twistie', async () => {
    const one = await requestAccess(world)
    const two = await requestAccess(world, { asset_id: '10000-TST' })
    await open(mine, { javaScript })
    const comments = page.getByLabel('Reviewer Comments', { exact: true })
    await expect.poll(() => comments.count()).toBe(2)
    expect(await comments.first().isVisible()).toBe(false)
    await page.locator('summary', { hasText: '10000-DEV' }).click()
    await page.locator('summary', { hasText: '10000-TST' }).click()
    await page.getByLabel('Disposition', { exact: true }).nth(0).selectOption('APPROVED')
    await page.getByLabel('Disposition', { exact: true }).nth(1).selectOption('REJECTED')
    await page.getByRole('button', { name: 'Save', exact: true }).first().click()
    await page.getByText('There is a problem').waitFor()
    expect(await comments.nth(1).isVisible()).toBe(true)
    await comments.nth(1).fill('One is enough.')
    await page.getByRole('button', { name: 'Save', exact: true }).first().click()
    await page.getByText('Saved: 1 APPROVED, 1 REJECTED.').waitFor()
    expect((await accessNow(world, one)).decision).toBe('APPROVED')
    expect((await accessNow(world, two)).decision).toBe('REJECTED')
  })

  test('the link of a mail leads through sign-in and back, and no request names it to another page', async () => {
    const id = await requestAccess(world)
    const link = await decisionLinkOf(world, 'MANAGER01')
    page = await browser.newPage({ baseURL: url, javaScript })
    const told: string[] = []
    page.on('request', request => {
      const { referer } = request.headers()
      if (referer?.includes('/decision/')) told.push(`${request.url()} from ${referer}`)
      if (request.url().includes('/sign-in'))
        told.push(...(request.url().includes(link) ? [request.url()] : []))
    })
    await page.goto(link)
    await typeIn()
    await page.getByRole('heading', { level: 1, name: 'Decide about an access request' }).waitFor()
    await page.getByLabel('Disposition', { exact: true }).selectOption('APPROVED')
    await page.getByRole('button', { name: 'Save', exact: true }).first().click()
    await page.getByText('Self-Service Portal is APPROVED.').waitFor()
    expect((await accessNow(world, id)).decision).toBe('APPROVED')
    expect(told).toEqual([])
  })
})

test('all of it can be read by everybody, at any width', { timeout: 120_000 }, async () => {
  const justification =
    'The month end closes on Friday and the batch jobs have to be started again by hand.\nSecond line.'
  const id = await requestAccess(world, {
    justification,
    ends_on: '2026-06-30',
    ends_at: '2026-06-30T23:59:59.000Z',
  })
  await requestAccess(world, {
    person_id: 'USER01',
    asset_id: '10000-PRD',
    access_type: 'client-communications-center',
  })
  await requestAccess(world, { person_id: 'MANAGER01', asset_id: '10000-TST' })
  await editRequest(world, id, 'USER01', justification)
  await goAway(world, 'MANAGER02', 'MANAGER01')
  await open(mine)
  await page.locator('summary', { hasText: '10000-DEV' }).click()
  await look('approvals')
  await page.getByLabel('Disposition', { exact: true }).nth(0).selectOption('REJECTED')
  await page
    .getByLabel('Disposition', { exact: true })
    .nth(1)
    .evaluate(select => {
      ;(select as HTMLSelectElement).value = 'APPROVED'
    })
  await world.deps.db.updateTable('accesses').set({ version: 7 }).where('person_id', '=', 'USER01').execute()
  await page.getByLabel('Reviewer Comments', { exact: true }).nth(0).fill('Not now')
  await page.getByRole('button', { name: 'Save', exact: true }).first().click()
  await page.getByText('There is a problem').waitFor()
  await look('approvals-conflict')
  await page.goto(await decisionLinkOf(world, 'MANAGER01'))
  await look('decision')
  await page.goto(paths.home())
  await look('start-center-approvals')
})

async function look(name: string) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [1440, 320]) {
      await page.setViewportSize({ width, height: 800 })
      await screenshot(page, `${name}-${colorScheme}-${width}`)
    }
  }
  expect(await scrollsSideways(page)).toBe(false)
  await page.setViewportSize({ width: 1440, height: 900 })
  expect(await accessibilityProblems(page)).toBe('')
}
