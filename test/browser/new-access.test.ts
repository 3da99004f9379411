import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths } from '../../src/paths.ts'
import {
  accessibilityProblems,
  openBrowser,
  screenshot,
  scrollsSideways,
  type TestBrowser,
} from '../support/browser.ts'
import { type RunningDemo, startDemo } from '../support/demo.ts'

/** New Access and Person Information in a real browser: with JavaScript, without it, and without a mouse. */
let demo: RunningDemo
let browser: TestBrowser

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([startDemo(), openBrowser()])
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

async function signedIn(loginId: string, javaScript = true): Promise<Page> {
  const page = await browser.newPage({ baseURL: demo.url, javaScript })
  await page.goto(paths.signIn())
  await page.getByLabel('Login ID', { exact: true }).fill(loginId)
  await page.getByLabel('Password', { exact: true }).fill(demo.passwords.get(loginId) ?? '')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Start Center' }).waitFor()
  return page
}

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const headed = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
const rowOf = (page: Page, customer: string) => page.locator('tbody tr').filter({ hasText: customer })
const question = (loginId: string, customer: string) =>
  `User ${loginId} exists. Grant user access to customer ${customer}?`

describe('without JavaScript', () => {
  test('the ? comes with Save, its question is a page, Yes does it at once', async () => {
    const page = await signedIn('manager01@example.com', false)
    await page.goto(paths.accessManagement())
    await page.getByRole('link', { name: 'New Access', exact: true }).click()
    await field(page, 'Login ID').fill('user03@example.com')
    await field(page, 'First Name').fill('User')
    await button(page, 'Save').first().click()
    expect(await field(page, 'First Name').inputValue()).toBe('User')
    await button(page, '?').click()
    await page.getByText(question('user03@example.com', 'Harbour Logistics')).waitFor()
    await button(page, 'Yes').click()
    await headed(page, 'User 03')
    await page.getByRole('link', { name: 'List View', exact: true }).click()
    await page.getByRole('link', { name: 'user03@example.com', exact: true }).waitFor()
    await page.context().close()
  })

  test('the warning is a page; Yes stages the row, Save removes it', async () => {
    const page = await signedIn('manager01@example.com', false)
    await page.goto(paths.person('USER03'))
    await button(page, 'Delete 10000').click()
    await page.getByText('Removing access to customer 10000 will revoke all accesses').waitFor()
    await button(page, 'Yes').click()
    expect(await page.locator('.row-deleted').count()).toBe(1)
    await button(page, 'take back 10000').click()
    expect(await page.locator('.row-deleted').count()).toBe(0)
    await button(page, 'Delete 10000').click()
    await button(page, 'Yes').click()
    await button(page, 'Save').first().click()
    await headed(page, 'Access Management')
    await page.getByText('USER03 was saved.').waitFor()
    expect(await page.getByRole('link', { name: 'user03@example.com' }).count()).toBe(0)
    await page.context().close()
  })
})

describe('by the keyboard alone', () => {
  test('the ? appears when the Login ID was typed; Escape and No change nothing, Yes does it', async () => {
    const page = await signedIn('manager03@example.com')
    await page.goto(paths.newAccess())
    await tabTo(page, 'Login ID')
    await page.keyboard.type('user02@example.com')
    await page.keyboard.press('Tab')
    await button(page, '?').waitFor()
    expect(await page.locator('#login-answer').textContent()).toContain('User user02@example.com exists.')
    await tabTo(page, '?', 'Shift+Tab')
    for (const leave of ['Escape', 'No'] as const) {
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').getByText(question('user02@example.com', 'Meadow Foods')).waitFor()
      if (leave === 'No') await tabTo(page, 'No')
      await page.keyboard.press(leave === 'No' ? 'Enter' : 'Escape')
      await expect.poll(() => page.locator('dialog[open]').count()).toBe(0)
      expect(await focusedName(page)).toBe('?')
    }
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await tabTo(page, 'Yes')
    await page.keyboard.press('Enter')
    await headed(page, 'User 02')
    await page.getByText('has access to customer Meadow Foods now').waitFor()
    await page.context().close()
  })

  test('the warning is a dialog; Yes stages the row with what was typed, which can be taken back', async () => {
    const page = await signedIn('manager01@example.com')
    await page.goto(paths.person('USER01'))
    await field(page, 'First Name').fill('Ursula')
    await tabTo(page, 'Delete 10000')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('Self-Service Portal on 10000-DEV').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0)
    expect(await focusedName(page)).toBe('Delete 10000')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await tabTo(page, 'Yes')
    await page.keyboard.press('Enter')
    await page.locator('.row-deleted').waitFor()
    expect(await field(page, 'First Name').inputValue()).toBe('Ursula')
    await tabTo(page, 'take back 10000')
    await page.keyboard.press('Enter')
    await rowOf(page, '10000').locator(':scope:not(.row-deleted)').waitFor()
    expect(await field(page, 'First Name').inputValue()).toBe('Ursula')
    await page.context().close()
  })
})

test('Managing Customer is there with the Role MANAGER only', async () => {
  const page = await signedIn('manager01@example.com')
  await page.goto(paths.newAccess())
  expect(await field(page, 'Managing Customer').isVisible()).toBe(false)
  await field(page, 'Role').selectOption('MANAGER')
  expect(await field(page, 'Managing Customer').isVisible()).toBe(true)
  expect(await field(page, 'Managing Customer').inputValue()).toBe('10000')
  await page.context().close()
})

test('when the session is over, the ? is simply not drawn, and Save leads to sign-in and back', async () => {
  const page = await signedIn('manager01@example.com')
  await page.goto(paths.newAccess())
  await page.context().clearCookies()
  await field(page, 'Login ID').fill('user03@example.com')
  await field(page, 'First Name').fill('User')
  expect(await button(page, '?').count()).toBe(0)
  await button(page, 'Save').first().click()
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  await page.context().close()
})

test('nothing for axe-core to say, nothing that scrolls sideways', { timeout: 240_000 }, async () => {
  const wrong: string[] = []
  const look = async (page: Page, name: string) => {
    for (const width of [1440, 320]) {
      await page.setViewportSize({ width, height: width < 600 ? 720 : 900 })
      const problems = [await accessibilityProblems(page)]
      if (await scrollsSideways(page)) problems.push('scrolls sideways')
      await screenshot(page, `access-${name}-${width}`)
      const said = problems.filter(Boolean).join('\n')
      if (said) wrong.push(`${name} at ${width}: ${said}`)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  }
  const manager = await signedIn('manager01@example.com')
  await manager.goto(paths.accessManagement())
  await look(manager, 'list')
  await manager.goto(paths.accessManagement({ find: 'nobody' }))
  await look(manager, 'list-nobody')
  await manager.goto(paths.person('MANAGER01'))
  await look(manager, 'person-own')
  await manager.goto(paths.person('USER01'))
  await look(manager, 'person')
  await button(manager, 'Delete 10000').click()
  await manager.getByRole('dialog').waitFor()
  await look(manager, 'warning')
  await button(manager, 'Yes').click()
  await manager.locator('.row-deleted').waitFor()
  await look(manager, 'person-staged')
  await manager.emulateMedia({ colorScheme: 'dark' })
  await screenshot(manager, 'access-person-staged-dark')
  await manager.emulateMedia({ colorScheme: null })
  await manager.goto(paths.personEvent('MANAGER01', 'deactivate'))
  await look(manager, 'deactivate')
  await manager.goto(paths.newAccess())
  await look(manager, 'new')
  await field(manager, 'Login ID').fill('user03@example.com')
  await field(manager, 'Role').selectOption('MANAGER')
  await button(manager, '?').waitFor()
  await look(manager, 'new-exists')
  await button(manager, '?').click()
  await manager.getByRole('dialog').waitFor()
  await look(manager, 'question')
  await manager.keyboard.press('Escape')
  await button(manager, 'Save').first().click()
  await manager.locator('[data-error-summary]').waitFor()
  await look(manager, 'new-wrong')
  const user = await signedIn('user01@example.com')
  await user.goto(paths.person('USER01'))
  await look(user, 'person-user')
  const operator = await signedIn('operator@example.com')
  await operator.goto(paths.newAccess())
  await look(operator, 'new-operator')
  await operator.goto(paths.person('USER02'))
  await look(operator, 'person-operator')
  expect(wrong.join('\n\n')).toBe('')
})

/** Presses Tab until the control of that name has the focus; fails when it can't be reached. */
async function tabTo(page: Page, name: string, key: 'Tab' | 'Shift+Tab' = 'Tab') {
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press(key)
    if ((await focusedName(page)) === name) return
  }
  throw new Error(`“${name}” can't be reached by ${key}.`)
}

const focusedName = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement
    const labelled = at instanceof HTMLInputElement || at instanceof HTMLSelectElement ? at.labels : null
    return (labelled?.[0] ?? at)?.textContent?.trim()
  })
