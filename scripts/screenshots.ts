import { mkdir } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { openBrowser } from '../test/support/browser.ts'
import { startDemo } from '../test/support/demo.ts'

/** Makes README's pictures from the running demo: `npm run screenshots`. */
const folder = 'public/readme'
const demo = await startDemo()
const browser = await openBrowser()
try {
  await mkdir(folder, { recursive: true })
  const page = await browser.newPage({ baseURL: demo.url, width: 1280 })
  await signIn(page, 'operator@example.com')
  await post(
    page,
    'Maintenance on Sunday',
    'The test environments are moved to new machines from 06:00 to 08:00 UTC.',
  )
  await page.context().clearCookies()
  await signIn(page, 'user01@example.com')
  for (const [environment, action, summary] of [
    ['10000-TST', 'Show Application Log', 'Look for the import error'],
    ['10000-TST', 'Restart Asset Management Application', 'After the import'],
    ['10000-DEV', 'Stop Asset Management Application', 'Quiet for the copy'],
    ['10000-DEV', 'Start Asset Management Application', 'Copy is done'],
    ['10000-DEV', 'Restart Asset Management Application', 'New release'],
  ] as const)
    await request(page, environment, action, summary)
  await page.goto('/')
  await page.screenshot({ path: `${folder}/start-center.png` })
} finally {
  await browser.close()
  await demo.stop()
}

async function signIn(page: Page, loginId: string) {
  await page.goto('/sign-in')
  await page.getByLabel('Login ID', { exact: true }).fill(loginId)
  await page.getByLabel('Password', { exact: true }).fill(demo.passwords.get(loginId) ?? '')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Start Center' }).waitFor()
}

async function post(page: Page, subject: string, message: string) {
  await page.goto('/admin/notices/new')
  await page.getByLabel('Subject', { exact: true }).fill(subject)
  await page.getByLabel('Message', { exact: true }).fill(message)
  await page.getByRole('button', { name: 'Save', exact: true }).first().click()
}

/** Waits for its end: pictures show what was really done. */
async function request(page: Page, environment: string, action: string, summary: string) {
  await page.goto('/service-requests/new')
  await page.getByLabel('Target Environment', { exact: true }).fill(environment)
  await page.getByLabel('Requested Action', { exact: true }).fill(action)
  await page.getByLabel('Summary', { exact: true }).fill(summary)
  // Saved before its own field is drawn, the form comes back with it instead of being stored.
  if (action === 'Show Application Log') await page.getByLabel('Number of lines', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).first().click()
  await page.getByRole('button', { name: 'Queue Request', exact: true }).click()
  await page.locator('.page-title').filter({ hasText: 'RESOLVED' }).waitFor({ timeout: 90_000 })
}
