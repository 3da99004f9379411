import { serve } from '@hono/node-server'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../scripts/free-port.ts'
import { createApp } from '../../src/app.tsx'
import { minutes } from '../../src/clock.ts'
import { paths } from '../../src/paths.ts'
import {
  accessibilityProblems,
  openBrowser,
  type PageOptions,
  screenshot,
  scrollsSideways,
  type TestBrowser,
} from '../support/browser.ts'
import { addAccountWithPassword, addAssetDatabase, addDatabaseServer } from '../support/database-servers.ts'
import { buildPrograms } from '../support/gatehouse.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

/** Database accounts in a real browser: requesting, showing and resetting, with JavaScript and without it. */
const service = 'Create Database Service Account'
const password = 'Correct_Horse%1234'
const certificate = `-----BEGIN CERTIFICATE-----\n${'MIIDvDCCAqSgAwIBAgIRAKKN5UQ0eoVYA+/5UQ0eoVYA5UQ0eoVYA5UQ0eoVYA\n'.repeat(12)}-----END CERTIFICATE-----\n`

let world: World
let browser: TestBrowser
let url: string
let server: ReturnType<typeof serve>
let accessId: number

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  await buildPrograms()
  ;[world, browser] = await Promise.all([createWorld('sqlite', { env: { PUBLIC_URL: url } }), openBrowser()])
  const serverId = await addDatabaseServer(world.deps)
  await addAssetDatabase(world.deps, serverId, '10000-DEV')
  const account = {
    certificate,
    certificate_at: world.clock.instant(),
    certificate_expires_at: '2026-12-01T00:00:00.000Z',
  }
  ;({ accessId } = await addAccountWithPassword(
    world.deps,
    { serverId, name: 'dbsrv_billing', account },
    password,
  ))
  server = serve({ fetch: createApp(world.deps).fetch, port, hostname: '127.0.0.1' })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  server?.close()
  await world?.close()
})

async function signIn(name: string, options: PageOptions = {}): Promise<Page> {
  const page = await browser.newPage({ baseURL: url, ...options })
  await page.goto('/sign-in')
  await page.getByLabel('Login ID', { exact: true }).fill(`${name}@example.com`)
  await page.getByLabel('Password', { exact: true }).fill(testPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Start Center' }).waitFor()
  return page
}

const accesses = (page: Page) =>
  page.getByRole('region', { name: 'Specific Access in the Environment table', exact: true })
const named = (page: Page, label: string) => page.getByLabel(label, { exact: true })
const pressed = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const record = () => paths.manageAccess('USER02', { asset: '10000-DEV', access: accessId })

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
] as const)('%s', (_title, javaScript) => {
  test('a service account is requested', { timeout: 60_000 }, async () => {
    const page = await signIn('user02', { javaScript })
    await page.goto(paths.manageAccess('USER02', { asset: '10000-DEV' }))
    await accesses(page).getByRole('button', { name: 'New Row', exact: true }).click()
    await named(page, 'Access Type').fill(service)
    await named(page, 'Justification').fill('Need for integration')
    if (!javaScript) await pressed(page, 'Save').first().click()
    await named(page, 'Database Account ID').fill('dbsrv_Test')
    await screenshot(page, `database-request-${javaScript}`)
    await pressed(page, 'Save').first().click()
    await page.getByText('There is a problem').waitFor()
    await named(page, 'Database Account ID').fill(javaScript ? 'dbsrv_test' : 'dbsrv_other')
    await pressed(page, 'Save').first().click()
    await page.getByText(`Requested: ${service} on 10000-DEV`).waitFor()
    expect(await accesses(page).textContent()).toContain(javaScript ? 'dbsrv_test' : 'dbsrv_other')
    await page.context().close()
  })

  test('password and certificate are shown, and hidden again', { timeout: 60_000 }, async () => {
    const page = await signIn('user02', { javaScript })
    await page.goto(record())
    await screenshot(page, `database-hidden-${javaScript}`)
    expect(await named(page, 'Database Password').count()).toBe(0)
    await named(page, 'Show Database Password?').check()
    if (!javaScript) await pressed(page, 'Show').click()
    await expect.poll(() => named(page, 'Database Password').textContent()).toContain(password)
    await named(page, 'Show Database SSL Certificate?').check()
    if (!javaScript) await pressed(page, 'Show').click()
    await expect
      .poll(() => named(page, 'Database SSL Certificate').inputValue())
      .toContain('BEGIN CERTIFICATE')
    await screenshot(page, `database-shown-${javaScript}`)
    expect(await named(page, 'Database Password').textContent()).toContain(password)
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download Database SSL Certificate' }).click()
    expect((await download).suggestedFilename()).toBe('gatehouse-ca.pem')
    await named(page, 'Show Database Password?').uncheck()
    if (!javaScript) await pressed(page, 'Show').click()
    await expect.poll(() => named(page, 'Database Password').count()).toBe(0)
    await page.context().close()
  })

  test('after a while the portal wants to know again who is there', { timeout: 60_000 }, async () => {
    const page = await signIn('user02', { javaScript })
    await page.goto(record())
    world.clock.advance(minutes(16))
    await named(page, 'Show Database Password?').click()
    if (!javaScript) await pressed(page, 'Show').click()
    await named(page, 'Password').fill(testPassword)
    await page.getByRole('main').getByRole('button').first().click()
    await pressed(page, 'Show').waitFor()
    await screenshot(page, `database-back-${javaScript}`)
    expect(await named(page, 'Database Password').count()).toBe(0)
    await pressed(page, 'Show').click()
    await expect.poll(() => named(page, 'Database Password').textContent()).toContain(password)
    await page.context().close()
  })
})

test('nothing is against it in light and in dark, and it fits on a narrow screen', {
  timeout: 120_000,
}, async () => {
  const page = await signIn('user02')
  await page.goto(record())
  await named(page, 'Show Database Password?').check()
  await named(page, 'Database Password').waitFor()
  await named(page, 'Show Database SSL Certificate?').check()
  await named(page, 'Database SSL Certificate').waitFor()
  expect(await accessibilityProblems(page)).toBe('')
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'database-dark')
  for (const width of [320, 400]) {
    await page.setViewportSize({ width, height: 720 })
    expect(await scrollsSideways(page)).toBe(false)
  }
  await page.setViewportSize({ width: 320, height: 720 })
  await screenshot(page, 'database-320-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await screenshot(page, 'database-320')
  await page.context().close()
})

test('so is what is typed for a new one, and what a manager decides by', { timeout: 120_000 }, async () => {
  const page = await signIn('user02')
  await page.goto(paths.manageAccess('USER02', { asset: '10000-DEV' }))
  for (const type of [service, 'Create Database User Account']) {
    await accesses(page).getByRole('button', { name: 'New Row', exact: true }).click()
    await named(page, 'Access Type').fill(type)
    await named(page, 'Justification').fill('Need for integration')
    await named(page, 'Database Account ID').waitFor()
    if (type === service) await named(page, 'Database Account ID').fill('dbsrv_narrow')
  }
  expect(await named(page, 'Database Account ID').inputValue()).toBe('dbusr_user02')
  await lookedAt(page, 'database-new')
  await pressed(page, 'Save').first().click()
  await page.getByText('(dbsrv_narrow) and').waitFor()
  await page.context().close()
  const manager = await signIn('manager01')
  await manager.goto(paths.approvals('MANAGER01'))
  for (const row of await manager.locator('summary', { hasText: 'Details of' }).all()) await row.click()
  await manager.getByText('dbusr_user02').last().waitFor()
  await lookedAt(manager, 'database-approvals')
  await manager.context().close()
})

test('Enter in New Database Password resets it', { timeout: 60_000 }, async () => {
  const page = await signIn('user02')
  await page.goto(record())
  await named(page, 'New Database Password').fill('Chosen_By_Me_1234')
  await named(page, 'New Database Password').press('Enter')
  await page.getByText('You get a mail when it is done').waitFor()
  await screenshot(page, 'database-resetting')
  await page.context().close()
})

/** axe-core is silent, nothing scrolls sideways at 320 px; pictures for people. */
async function lookedAt(page: Page, name: string) {
  expect(await accessibilityProblems(page)).toBe('')
  await screenshot(page, name)
  await page.setViewportSize({ width: 320, height: 720 })
  expect(await scrollsSideways(page)).toBe(false)
  await screenshot(page, `${name}-320`)
  await page.setViewportSize({ width: 1440, height: 900 })
}
