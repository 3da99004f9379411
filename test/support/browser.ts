import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import axe from 'axe-core'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { installedChromium } from './chromium.ts'

export interface PageOptions {
  /** Of the portal: pages are then opened by path. */
  baseURL?: string
  javaScript?: boolean
  colorScheme?: 'light' | 'dark'
  /** 1440 is a desk, 320 the narrowest that must work. */
  width?: number
  reducedMotion?: boolean
  storageState?: BrowserContextOptions['storageState']
}

export interface TestBrowser {
  /** A page in a context of its own: no cookies of others. */
  newPage(options?: PageOptions): Promise<Page>
  close(): Promise<void>
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A real Chromium, without a screen. */
export async function openBrowser(): Promise<TestBrowser> {
  const { executablePath, env } = await installedChromium()
  const browser = await chromium.launch({ executablePath, env, args: flags })
  return {
    async newPage({ javaScript = true, colorScheme = 'light', width = 1440, reducedMotion, ...rest } = {}) {
      const context = await browser.newContext({
        ...rest,
        javaScriptEnabled: javaScript,
        colorScheme,
        reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
        viewport: { width, height: width < 600 ? 720 : 900 },
      })
      return context.newPage()
    },
    close: () => browser.close(),
  }
}

/** Between light and dark only colours differ. */
const colourRules = ['color-contrast', 'link-in-text-block']

/** What axe-core has to say against the page, in light and in dark; empty when nothing. */
export async function accessibilityProblems(page: Page): Promise<string> {
  const problems: string[] = []
  await page.evaluate(axe.source)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const { id, help, nodes } of await violationsOf(page, colorScheme === 'dark' ? colourRules : null))
      for (const { html, failureSummary } of nodes)
        problems.push(`${colorScheme}: ${id}: ${help}\n  ${html}\n  ${failureSummary}`)
  }
  await page.emulateMedia({ colorScheme: null })
  return problems.join('\n')
}

/** By all rules, or by these. The portal has no frames, so the page itself is all there is. */
const violationsOf = (page: Page, rules: readonly string[] | null): Promise<axe.Result[]> =>
  page.evaluate(async values => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run(document, {
      resultTypes: ['violations'],
      ...(values && { runOnly: { type: 'rule', values: [...values] } }),
    })
    return violations
  }, rules)

/** Whether anything makes the whole page scroll sideways. */
export const scrollsSideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)

const screens = path.resolve('test/.artifacts/screens')

/** A picture of the whole page, for people: test/.artifacts/screens/NAME.png. */
export async function screenshot(page: Page, name: string): Promise<string> {
  if (!existsSync(screens)) mkdirSync(screens, { recursive: true })
  const file = path.join(screens, `${name}.png`)
  await page.screenshot({ path: file, fullPage: true })
  return file
}
