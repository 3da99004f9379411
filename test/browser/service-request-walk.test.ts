import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HtmxEvent } from '../../public/js/requests.ts'
import { paths } from '../../src/paths.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { type RunningDemo, startDemo } from '../support/demo.ts'
import { tabTo } from '../support/keyboard.ts'

/** The main job, in a real browser, on the running demo: with JavaScript, without it, and without a mouse. */
let demo: RunningDemo
let browser: TestBrowser

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([startDemo(), openBrowser()])
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

const restart = 'Restart Asset Management Application'

async function signIn(page: Page, loginId = 'user01@example.com') {
  await page.goto(`${demo.url}/sign-in`)
  await page.getByLabel('Login ID', { exact: true }).fill(loginId)
  await page.getByLabel('Password', { exact: true }).fill(demo.passwords.get(loginId) ?? '')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Start Center' }).waitFor()
}

/** The status badge beside the h1, read by reloading: what a person without JavaScript does. */
async function statusByRefresh(page: Page, wanted: string) {
  await expect
    .poll(
      async () => {
        await page.reload()
        return page.locator('.page-title').textContent()
      },
      { timeout: 60_000, interval: 500 },
    )
    .toContain(wanted)
}

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('a service request %s', (_title, javaScript) => {
  test('is made, queued, run and found again', { timeout: 120_000 }, async () => {
    const page = await browser.newPage({ javaScript })
    await signIn(page)
    await page.getByRole('link', { name: 'New Service Request', exact: true }).first().click()
    await page.getByLabel('Target Environment', { exact: true }).fill('10000-DEV')
    await page.getByLabel('Requested Action', { exact: true }).fill(restart)
    await page.getByLabel('Summary', { exact: true }).fill('After the month end')
    await page.getByRole('button', { name: 'Save', exact: true }).first().click()
    await expect.poll(() => page.locator('.page-title').textContent()).toContain('NEW')
    await page.getByRole('button', { name: 'Queue Request', exact: true }).click()
    await expect.poll(() => page.locator('.page-title').textContent()).toMatch(/QUEUED|INPROG/)
    const record = page.url()
    await page.getByRole('link', { name: 'Log', exact: true }).click()
    await statusByRefresh(page, 'RESOLVED')
    const log = await page.locator('main').textContent()
    expect(log).toContain('Work Log')
    expect(log).toContain('Communication Log')
    expect(log).toMatch(/SIGTERM|stopp/i)
    expect(log).toMatch(/health|ready|answers/i)
    await page.getByRole('link', { name: 'List View' }).click()
    const number = record.split('/').at(-1) ?? ''
    await page.getByLabel('Filter by Service Request', { exact: true }).fill(number)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: number, exact: true }).click()
    expect(page.url()).toBe(record)
    await page.context().close()
  })

  test('takes its environment and its action from the lookups', { timeout: 60_000 }, async () => {
    const page = await browser.newPage({ javaScript })
    await signIn(page)
    await page.goto(`${demo.url}/service-requests/new`)
    await page.getByLabel('Summary', { exact: true }).fill('Chosen, not typed')
    for (const [field, value] of [
      ['Target Environment', '10000-DEV'],
      ['Requested Action', restart],
    ] as const) {
      await page.getByRole('button', { name: `Select Value: ${field}` }).click()
      await page
        .getByRole('heading', { name: /Select Value/ })
        .first()
        .waitFor()
      await page.getByRole('button', { name: value }).first().click()
      await expect.poll(() => page.getByLabel(field, { exact: true }).inputValue()).toBe(value)
    }
    await expect(page.getByLabel('Summary', { exact: true }).inputValue()).resolves.toBe('Chosen, not typed')
    await page.context().close()
  })
})

test('the log fills by itself while the request runs', { timeout: 120_000 }, async () => {
  const page = await browser.newPage({ javaScript: true })
  await signIn(page)
  await newRequest(page)
  await page.getByRole('link', { name: 'Log', exact: true }).click()
  const lines = page.locator('[data-log] li')
  await lines.first().waitFor({ timeout: 60_000 })
  const atFirst = await lines.count()
  await expect.poll(() => lines.count(), { timeout: 60_000 }).toBeGreaterThan(atFirst)
  await expect
    .poll(() => page.locator('.page-title').textContent(), { timeout: 60_000 })
    .toContain('RESOLVED')
  await page.context().close()
})

test('all of it goes by the keyboard alone', { timeout: 120_000 }, async () => {
  const page = await browser.newPage({ javaScript: true })
  await page.goto(`${demo.url}/sign-in`)
  await tabTo(page, 'Login ID')
  await page.keyboard.type('user01@example.com')
  await tabTo(page, 'Password')
  await page.keyboard.type(demo.passwords.get('user01@example.com') ?? '')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Start Center' }).waitFor()
  await tabTo(page, 'New Service Request')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'New Service Request' }).waitFor()
  await tabTo(page, 'Target Environment')
  await page.keyboard.type('10000-DEV')
  await tabTo(page, 'Requested Action')
  await page.keyboard.type('Restart')
  await tabTo(page, 'Save')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('.page-title').textContent()).toContain('NEW')
  await tabTo(page, 'Queue Request')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('.page-title').textContent()).toMatch(/QUEUED|INPROG|RESOLVED/)
  await tabTo(page, 'Log')
  await page.keyboard.press('Enter')
  await expect
    .poll(() => page.locator('.page-title').textContent(), { timeout: 60_000 })
    .toContain('RESOLVED')
  await page.context().close()
})

test.each([
  ['first', ['target_environment', 'requested_action']],
  ['last', ['requested_action', 'target_environment']],
] as const)(
  'two redraws at once: the action’s own field is there when the older is answered %s',
  async (_title, order) => {
    const page = await browser.newPage({ javaScript: true })
    await signIn(page)
    await page.goto(`${demo.url}${paths.newServiceRequest()}`)
    const redraws = await holdRedraws(page)
    await page.getByLabel('Target Environment', { exact: true }).fill('10000-DEV')
    await page.getByLabel('Requested Action', { exact: true }).fill('Show Application Log')
    await redraws.underWay('target_environment')
    await page.getByLabel('Summary', { exact: true }).fill('Look for the import error')
    await redraws.underWay('requested_action')
    for (const field of order) await redraws.answer(field)
    const lines = page.getByLabel('Number of lines', { exact: true })
    expect(await lines.count()).toBe(1)
    await lines.selectOption('200 lines')
    await page.getByRole('button', { name: 'Save', exact: true }).first().click()
    await page.locator('.page-title').filter({ hasText: /NEW/ }).waitFor()
    expect(await lines.inputValue()).toBe('200')
    expect(await page.getByLabel('Target Environment', { exact: true }).inputValue()).toBe('10000-DEV')
    expect(await page.getByLabel('Summary', { exact: true }).inputValue()).toBe('Look for the import error')
    await page.context().close()
  },
)

/** Keeps the form's redraws from the portal until the test lets them go, each by the field that was changed. */
async function holdRedraws(page: Page) {
  const held = new Map<string, Route>()
  await page.route(`**${paths.serviceRequestForm()}`, route => {
    held.set(route.request().headers()['hx-source']?.replace('input#field-', '') ?? '', route)
  })
  await page.evaluate(() => {
    document.addEventListener('htmx:finally:request', event => {
      const { ctx } = (event as CustomEvent<HtmxEvent>).detail
      ctx.sourceElement.setAttribute('data-redrawn', '')
    })
  })
  return {
    underWay: (field: string) => expect.poll(() => [...held.keys()], { timeout: 15_000 }).toContain(field),
    /** Over when the page has done with the answer, or had given it up before. */
    async answer(field: string) {
      await held.get(field)?.continue()
      await page.locator(`[name="${field}"][data-redrawn]`).waitFor()
    },
  }
}

async function newRequest(page: Page) {
  await page.goto(`${demo.url}/service-requests/new`)
  await page.getByLabel('Target Environment', { exact: true }).fill('10000-DEV')
  await page.getByLabel('Requested Action', { exact: true }).fill(restart)
  await page.getByRole('button', { name: 'Save', exact: true }).first().click()
  await page.getByRole('button', { name: 'Queue Request', exact: true }).click()
}
