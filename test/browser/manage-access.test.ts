import { serve } from '@hono/node-server'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../scripts/free-port.ts'
import { createApp } from '../../src/app.tsx'
import { paths } from '../../src/paths.ts'
import {
  accessibilityProblems,
  openBrowser,
  type PageOptions,
  screenshot,
  scrollsSideways,
  type TestBrowser,
} from '../support/browser.ts'
import { buildPrograms } from '../support/gatehouse.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

/** Manage Access in a real browser: with JavaScript, without it, by keyboard, wide and narrow. */
let world: World
let browser: TestBrowser
let url: string
let server: ReturnType<typeof serve>

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  await buildPrograms()
  ;[world, browser] = await Promise.all([createWorld('sqlite', { env: { PUBLIC_URL: url } }), openBrowser()])
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

const assets = (page: Page) => page.getByRole('region', { name: 'Assets table', exact: true })
const accesses = (page: Page) =>
  page.getByRole('region', { name: 'Specific Access in the Environment table', exact: true })
const newRow = (table: ReturnType<typeof assets>) =>
  table.getByRole('button', { name: 'New Row', exact: true }).click()

describe.each([
  ['with JavaScript', true, 'user02'],
  ['without JavaScript', false, 'manager02'],
] as const)('an access request %s', (_title, javaScript, name) => {
  test('is typed in, kept while another asset is looked at, saved and removed', {
    timeout: 120_000,
  }, async () => {
    const page = await signIn(name, { javaScript })
    const person = name.toUpperCase()
    await page.goto(paths.manageAccess(person))
    await newRow(assets(page))
    await page.getByLabel('Asset', { exact: true }).fill('10000-dev')
    await newRow(accesses(page))
    await page.getByLabel('Access Type', { exact: true }).fill('ccc')
    await page.getByLabel('Justification', { exact: true }).fill('Month end')
    await screenshot(page, `manage-access-typed-${javaScript}`)
    await newRow(assets(page))
    await page.getByRole('button', { name: 'Select Value: Asset' }).click()
    await page.getByRole('button', { name: '10000-TST', exact: true }).click()
    await expect.poll(() => assets(page).textContent()).toContain('10000-TST')
    await newRow(accesses(page))
    await page.getByRole('button', { name: 'Select Value: Access Type' }).click()
    await page.getByRole('button', { name: 'Self-Service Portal', exact: true }).click()
    await expect
      .poll(() => page.getByLabel('Access Type', { exact: true }).inputValue())
      .toBe('Self-Service Portal')
    await page.getByLabel('Justification', { exact: true }).fill('To restart it')
    await screenshot(page, `manage-access-staged-${javaScript}`)
    await page.getByRole('button', { name: 'Save', exact: true }).first().click()
    // The row on the other asset was never confirmed: it is shown.
    await page.getByText('There is a problem').waitFor()
    await screenshot(page, `manage-access-refused-${javaScript}`)
    await page.getByRole('button', { name: 'OK', exact: true }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).first().click()
    await page
      .getByText('Requested: Client Communications Center on 10000-DEV and Self-Service Portal')
      .waitFor()
    await assets(page).getByRole('link', { name: '10000-TST', exact: true }).click()
    await expect.poll(() => accesses(page).textContent()).toContain('PROCESSING')
    await accesses(page).locator('summary').first().click()
    await screenshot(page, `manage-access-saved-${javaScript}`)
    await page.getByRole('button', { name: 'Withdraw request' }).click()
    await expect.poll(() => accesses(page).textContent()).toContain('REMOVED')
    await page.context().close()
  })
})

test('nothing is lost by selecting another asset while something is typed', { timeout: 60_000 }, async () => {
  const page = await signIn('user01')
  await page.goto(paths.manageAccess('USER01'))
  await newRow(accesses(page))
  await page.getByLabel('Justification', { exact: true }).fill('Half a senten')
  await assets(page).getByRole('link', { name: '10000-DEV', exact: true }).click()
  await expect
    .poll(() => page.getByLabel('Justification', { exact: true }).inputValue())
    .toBe('Half a senten')
  await page.getByLabel('Justification', { exact: true }).fill('Half a sentence')
  await page.getByRole('link', { name: 'Person Information', exact: true }).click()
  await page.getByRole('link', { name: 'Manage Access', exact: true }).click()
  await expect
    .poll(() => page.getByLabel('Justification', { exact: true }).inputValue())
    .toMatch(/^Half a sent/)
  await page.getByRole('button', { name: 'Discard', exact: true }).click()
  await page.getByText('Your changes were discarded.').waitFor()
  await page.context().close()
})

test('all of it goes by the keyboard alone', { timeout: 60_000 }, async () => {
  const page = await signIn('manager01')
  await page.goto(paths.manageAccess('MANAGER01'))
  await tabTo(page, 'New Row')
  await page.keyboard.press('Enter')
  // What was added has the focus.
  await expect.poll(() => focusedName(page)).toBe('Asset')
  await page.keyboard.type('10000-dev')
  await tabTo(page, 'New Row')
  await tabTo(page, 'New Row')
  await page.keyboard.press('Enter')
  await expect.poll(() => focusedName(page)).toBe('Access Type')
  await page.keyboard.type('CCC')
  await tabTo(page, 'OK')
  await page.keyboard.press('Enter')
  await expect.poll(() => focusedName(page)).toBe('Justification')
  await page.keyboard.type('By hand')
  await tabTo(page, 'Save')
  await page.keyboard.press('Enter')
  await page.getByText('Requested: Client Communications Center on 10000-DEV.').waitFor()
  await page.context().close()
})

/** Presses Tab until the control of that name has the focus; fails when it can't be reached. */
async function tabTo(page: Page, name: string) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab')
    if ((await focusedName(page)) === name) return
  }
  throw new Error(`“${name}” can't be reached by Tab.`)
}

const focusedName = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement
    if (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement)
      return at.labels?.[0]?.textContent?.trim()
    return at?.textContent?.trim()
  })

test.each([
  ['wide', 1440, 'light'],
  ['narrow', 320, 'light'],
  ['wide and dark', 1440, 'dark'],
] as const)('looks right %s', { timeout: 60_000 }, async (title, width, colorScheme) => {
  const page = await signIn('user01', { width, colorScheme })
  await page.goto(paths.manageAccess('USER01'))
  await newRow(assets(page))
  await page.getByLabel('Asset', { exact: true }).fill('10000-tst')
  await newRow(accesses(page))
  await page.getByLabel('Access Type', { exact: true }).fill('portal')
  await page.getByLabel('Justification', { exact: true }).fill('Testing')
  await page.getByText('It is not necessary to request access for each asset.').waitFor()
  const name = `manage-access-${title.replaceAll(' ', '-')}`
  await screenshot(page, `${name}-added`)
  expect(await accessibilityProblems(page)).toBe('')
  expect(await scrollsSideways(page)).toBe(false)
  await page.emulateMedia({ colorScheme })
  await page.getByRole('button', { name: 'OK', exact: true }).click()
  await page.getByText('Confirmed').waitFor()
  await assets(page).getByRole('link', { name: '10000-DEV', exact: true }).click()
  await accesses(page).getByRole('button', { name: 'Delete Self-Service Portal' }).click()
  await accesses(page).getByRole('button', { name: 'take back' }).waitFor()
  await accesses(page).locator('summary').first().click()
  await screenshot(page, `${name}-deleted`)
  expect(await accessibilityProblems(page)).toBe('')
  expect(await scrollsSideways(page)).toBe(false)
  await page.getByRole('button', { name: 'Discard', exact: true }).click()
  await page.getByText('Your changes were discarded.').waitFor()
  await page.context().close()
})
