import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  accessibilityProblems,
  openBrowser,
  screenshot,
  scrollsSideways,
  type TestBrowser,
} from '../support/browser.ts'
import { type RunningDemo, startDemo } from '../support/demo.ts'

const pictures = process.env.PICTURES === '1'

/**
 * Every kind of page that can be reached by links, as each role: one h1, nothing for axe-core to say in light and in
 * dark, nothing that scrolls sideways at 320 px; with PICTURES=1 also pictures of it for people.
 */
let demo: RunningDemo
let browser: TestBrowser
/** Help is the same for everybody: looked at once. */
const read = new Set<string>()

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([startDemo(), openBrowser()])
  await makeRequests()
  await askForAccess()
  await askAgain()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

test('the pages before sign-in', { timeout: 60_000 }, async () => {
  const page = await browser.newPage({ baseURL: demo.url })
  for (const path of ['/sign-in', '/sign-in/forgotten', '/link/no-such-token', '/no-such-page'])
    expect(await examine(page, path, 'anyone'), path).toBe('')
})

test.each([
  ['user01@example.com', 35, '/security/access-management/USER01/access?asset=10000-DEV'],
  ['manager01@example.com', 18, '/security/access-management/USER02/access?asset=10000-TST'],
  ['operator@example.com', 58, '/security/access-management/OPERATOR01/approvals'],
])('the pages of %s', { timeout: 600_000 }, async (loginId, atLeast, besides) => {
  const page = await signedIn(loginId)
  const wrong: string[] = []
  // The list leads to the newest request, which was only saved; these are of the one that has run.
  const waiting = ['/', '/no-such-page', '/service-requests/1', '/service-requests/1/log', besides]
  const seen = new Set(['/', '/no-such-page'])
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (read.has(path)) continue
    if (path.startsWith('/help')) read.add(path)
    const problem = await examine(page, path, loginId.split('@')[0] ?? '')
    if (problem) wrong.push(`${path}\n${problem}`)
    for (const link of await linksOf(page))
      if (!seen.has(kindOf(link))) {
        seen.add(kindOf(link))
        waiting.push(link)
      }
  }
  expect(wrong.join('\n\n')).toBe('')
  expect(seen.size).toBeGreaterThanOrEqual(atLeast)
})

async function examine(page: Page, path: string, who: string): Promise<string> {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(path)
  const name = `${who}${path.replace(/[^a-z0-9]+/gi, '-')}`
  if (pictures) await screenshot(page, `${name}-1440`)
  const problems = [await accessibilityProblems(page)]
  if ((await page.locator('h1').count()) !== 1) problems.push('not exactly one h1')
  await page.setViewportSize({ width: 320, height: 720 })
  if (await scrollsSideways(page)) problems.push('scrolls sideways at 320 px')
  if (pictures) await screenshot(page, `${name}-320`)
  return problems.filter(problem => problem !== '').join('\n')
}

/** Links of the page to the portal's own pages, without downloads. */
async function linksOf(page: Page): Promise<string[]> {
  const hrefs = await page
    .locator('a[href^="/"]')
    .evaluateAll(links => links.map(a => a.getAttribute('href') ?? ''))
  return hrefs
    .filter(href => !/\.(csv|txt)(\?|$)|\/download\?|^\/static\//.test(href))
    .map(href => href.replace(/#.*/, ''))
}

/** Pages that differ only in whose record they show are of one kind; so are a list's filters and pages. */
const kindOf = (path: string) =>
  path
    .replace(/[?#].*/, '')
    .replace(/\/(\d+|\d+-[A-Z]+|[A-Z]+\d+)(?=\/|$)/g, '/ID')
    .replace(/^\/admin\/(actions|access-types)\/(?!new)[^/]+/, '/admin/$1/ID')

async function signedIn(loginId: string): Promise<Page> {
  const page = await browser.newPage({ baseURL: demo.url })
  await page.goto('/sign-in')
  await page.getByLabel('Login ID', { exact: true }).fill(loginId)
  await page.getByLabel('Password', { exact: true }).fill(demo.passwords.get(loginId) ?? '')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Start Center' }).waitFor()
  return page
}

/** One request that is done, with its log, and one that was only saved. */
async function makeRequests() {
  const page = await signedIn('user01@example.com')
  for (const [environment, queue] of [
    ['10000-DEV', true],
    ['10000-TST', false],
  ] as const) {
    await page.goto('/service-requests/new')
    await page.getByLabel('Target Environment', { exact: true }).fill(environment)
    await page.getByLabel('Requested Action', { exact: true }).fill('Restart Asset Management Application')
    await page.getByRole('button', { name: 'Save', exact: true }).first().click()
    if (!queue) continue
    await page.getByRole('button', { name: 'Queue Request', exact: true }).click()
    await page.locator('.page-title').filter({ hasText: 'RESOLVED' }).waitFor({ timeout: 60_000 })
  }
  await page.context().close()
}

/** What waits for a decision, on Access Approvals and on Manage Access. */
async function askForAccess() {
  const page = await signedIn('user02@example.com')
  await page.goto('/security/access-management/USER02/access')
  const table = (name: string) => page.getByRole('region', { name: `${name} table`, exact: true })
  await table('Assets').getByRole('button', { name: 'New Row', exact: true }).click()
  await page.getByLabel('Asset', { exact: true }).fill('10000-TST')
  await table('Specific Access in the Environment')
    .getByRole('button', { name: 'New Row', exact: true })
    .click()
  await page.getByLabel('Access Type', { exact: true }).fill('portal')
  await page.getByLabel('Justification', { exact: true }).fill('To restart it after the month end.')
  await page.getByRole('button', { name: 'Save', exact: true }).first().click()
  await page.getByText('Requested: Self-Service Portal on 10000-TST').waitFor()
  await page.context().close()
}

/** A re-validation that is due. */
async function askAgain() {
  const page = await signedIn('operator@example.com')
  await page.goto('/admin/campaigns/new')
  await page.getByRole('button', { name: 'Start re-validation', exact: true }).click()
  await page.getByText('has begun').waitFor()
  // Prepared in the background: then its customers are listed.
  await vi.waitFor(
    async () => {
      await page.reload()
      expect(await page.locator('main').textContent()).toContain('20000')
    },
    { timeout: 60_000, interval: 500 },
  )
  await page.context().close()
}
