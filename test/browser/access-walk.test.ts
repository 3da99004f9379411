import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { type RunningDemo, startDemo } from '../support/demo.ts'
import { fieldInFocus, tabTo, tabToField } from '../support/keyboard.ts'

/**
 * An access from the request to its removal, by two people in real browsers on the running demo: with JavaScript,
 * without it, and without a mouse.
 */
let demo: RunningDemo
let browser: TestBrowser

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([startDemo(), openBrowser()])
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

const portal = 'Self-Service Portal'
const restart = 'Restart Asset Management Application'
const why = 'To restart it after the month end.'

const emailOf = (person: string) => `${person.toLowerCase()}@example.com`

async function signIn(person: string, javaScript: boolean): Promise<Page> {
  const page = await browser.newPage({ baseURL: demo.url, javaScript })
  await page.goto('/sign-in')
  await page.getByLabel('Login ID', { exact: true }).fill(emailOf(person))
  await page.getByLabel('Password', { exact: true }).fill(demo.passwords.get(emailOf(person)) ?? '')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Start Center' }).waitFor()
  return page
}

const tableOf = (page: Page, name: string) => page.getByRole('region', { name: `${name} table`, exact: true })
const assets = (page: Page) => tableOf(page, 'Assets')
const accesses = (page: Page) => tableOf(page, 'Specific Access in the Environment')
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click()
const follow = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).first().click()

/** The page looked at again until the access is what it should be: nothing tells a page that its work is done. */
async function statusOnceIs(page: Page, wanted: string) {
  await expect
    .poll(
      async () => {
        await page.reload()
        return accesses(page).getByRole('row').nth(1).textContent()
      },
      { timeout: 60_000, interval: 500 },
    )
    .toContain(wanted)
}

/** By the menu, to a tab of a record. */
async function open(page: Page, person: string, tab: string) {
  await page.goto('/')
  await follow(page, 'Access Management')
  await follow(page, emailOf(person))
  await follow(page, tab)
}

async function mayNotRequestYet(page: Page) {
  await page.goto('/service-requests/new')
  await press(page, 'Select Value: Target Environment')
  await page.getByText('Manager 01').first().waitFor()
  expect(await page.getByRole('button', { name: '10000-TST', exact: true }).count()).toBe(0)
}

async function request(page: Page, person: string) {
  await open(page, person, 'Manage Access')
  await assets(page).getByRole('button', { name: 'New Row', exact: true }).click()
  await press(page, 'Select Value: Asset')
  await press(page, '10000-TST')
  await assets(page).getByRole('link', { name: '10000-TST', exact: true }).waitFor()
  await accesses(page).getByRole('button', { name: 'New Row', exact: true }).click()
  await press(page, 'Select Value: Access Type')
  await press(page, portal)
  await expect.poll(() => page.getByLabel('Access Type', { exact: true }).inputValue()).toBe(portal)
  await page.getByLabel('Justification', { exact: true }).fill(why)
  await press(page, 'Save')
  await page.getByText(`Requested: ${portal} on 10000-TST`).waitFor()
  expect(await accesses(page).textContent()).toContain('PROCESSING')
}

async function approve(page: Page, person: string) {
  await open(page, 'MANAGER01', 'Access Approvals')
  await page.locator('summary', { hasText: `Details of ${person}, 10000-TST, ${portal}` }).click()
  await page.getByText(why).waitFor()
  await page.getByLabel('Disposition', { exact: true }).selectOption('APPROVED')
  await press(page, 'Save')
  await page.getByText('No access request waits for you.').waitFor()
}

async function submitServiceRequest(page: Page) {
  await page.goto('/service-requests/new')
  await page.getByLabel('Target Environment', { exact: true }).fill('10000-DEV')
  await page.getByLabel('Requested Action', { exact: true }).fill(restart)
  await press(page, 'Save')
  await expect.poll(() => page.locator('.page-title').textContent()).toContain('NEW')
  await press(page, 'Queue Request')
  await expect.poll(() => page.locator('.page-title').textContent()).toMatch(/QUEUED|INPROG|RESOLVED/)
}

async function remove(page: Page, person: string) {
  await open(page, person, 'Manage Access')
  await accesses(page).locator('summary').first().click()
  await press(page, 'Remove Access')
  await page.getByText(`${portal} on 10000-TST is PENDING REMOVAL.`).waitFor()
  await statusOnceIs(page, 'REMOVED')
}

describe.each([
  ['with JavaScript', true, 'USER02'],
  // Somebody who has none yet; the other manager decides.
  ['without JavaScript', false, 'MANAGER02'],
] as const)('an access %s', (_title, javaScript, person) => {
  test('is requested, approved, used and removed', { timeout: 180_000 }, async () => {
    const page = await signIn(person, javaScript)
    const manager = await signIn('MANAGER01', javaScript)
    await mayNotRequestYet(page)
    await request(page, person)
    await approve(manager, person)
    await open(page, person, 'Manage Access')
    await statusOnceIs(page, 'APPROVED')
    await submitServiceRequest(page)
    await remove(page, person)
    await mayNotRequestYet(page)
    await page.context().close()
    await manager.context().close()
  })
})

test('all of it goes by the keyboard alone', { timeout: 180_000 }, async () => {
  const user = await byKeyboard('USER01')
  await openByKeyboard(user, 'USER01', 'Manage Access')
  await pressKey(user, 'New Row')
  // The new row's field has the focus.
  await expect.poll(() => fieldNow(user)).toBe('Asset')
  await user.keyboard.type('10000-tst')
  // First that of the assets, then that of the accesses.
  await tabTo(user, 'New Row')
  await pressKey(user, 'New Row')
  await expect.poll(() => fieldNow(user)).toBe('Access Type')
  await user.keyboard.type('CCC')
  await tabToField(user, 'Justification')
  await user.keyboard.type(why)
  await pressKey(user, 'OK')
  await user.getByRole('button', { name: 'OK', exact: true }).waitFor({ state: 'detached' })
  await pressKey(user, 'Save')
  await user.getByText('Requested: Client Communications Center on 10000-TST').waitFor()

  const manager = await byKeyboard('MANAGER01')
  await openByKeyboard(manager, 'MANAGER01', 'Access Approvals')
  await pressKey(manager, /^Details of USER01, 10000-TST/, 'Space')
  await tabToField(manager, 'Disposition')
  await manager.keyboard.type('A')
  await pressKey(manager, 'Save')
  await manager.getByText('No access request waits for you.').waitFor()

  await openByKeyboard(user, 'USER01', 'Manage Access')
  await pressKey(user, '10000-TST')
  await user.waitForURL(/asset=10000-TST/)
  await statusOnceIs(user, 'APPROVED')
  await pressKey(user, /^Details of 10000-TST/, 'Space')
  await pressKey(user, 'Remove Access')
  await user.getByText('Client Communications Center on 10000-TST is PENDING REMOVAL.').waitFor()
  await statusOnceIs(user, 'REMOVED')
  await user.context().close()
  await manager.context().close()
})

/** Nothing while one page goes and the next one comes. */
const fieldNow = (page: Page) => fieldInFocus(page).catch(() => null)

async function pressKey(page: Page, name: string | RegExp, key: 'Enter' | 'Space' = 'Enter') {
  await tabTo(page, name)
  await page.keyboard.press(key)
}

async function byKeyboard(person: string): Promise<Page> {
  const page = await browser.newPage({ baseURL: demo.url })
  await page.goto('/sign-in')
  await tabTo(page, 'Login ID')
  await page.keyboard.type(emailOf(person))
  await tabTo(page, 'Password')
  await page.keyboard.type(demo.passwords.get(emailOf(person)) ?? '')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Start Center' }).waitFor()
  return page
}

async function openByKeyboard(page: Page, person: string, tab: string) {
  await pressKey(page, 'Access Management')
  await page.getByRole('heading', { level: 1, name: 'Access Management' }).waitFor()
  await pressKey(page, emailOf(person))
  await page.getByRole('heading', { level: 1, name: /^(User|Manager) / }).waitFor()
  await pressKey(page, tab)
  await page.locator('[aria-current="page"]', { hasText: tab }).waitFor()
}
