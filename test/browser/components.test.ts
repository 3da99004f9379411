import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  accessibilityProblems,
  openBrowser,
  type PageOptions,
  screenshot,
  scrollsSideways,
  type TestBrowser,
} from '../support/browser.ts'
import { type Gallery, openGallery } from '../support/gallery.tsx'

/** The parts every page is made of, in a real browser: with scripts, without, by keyboard, wide and narrow. */
let browser: TestBrowser
let gallery: Gallery
let page: Page
let complaints: string[]

beforeAll(async () => {
  browser = await openBrowser()
})
beforeEach(async () => {
  gallery = await openGallery()
  complaints = []
})
afterEach(async () => {
  await page.context().close()
  await gallery.close()
})
afterAll(() => browser.close())

async function open(path: string, options: PageOptions = {}) {
  page = await browser.newPage({ baseURL: gallery.url, ...options })
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  await page.goto(path)
}

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 })
const focused = () =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim())
const button = (name: string) => page.getByRole('button', { name, exact: true })
const field = (label: string) => page.getByLabel(label, { exact: true })

const pages = ['/', '/service-requests', '/service-requests?asset=nothing', '/service-requests/new', '/log']

describe.each([1440, 320])('at %i pixels', width => {
  test.each(pages)('%s has no accessibility problem and nothing that scrolls sideways', async path => {
    gallery.errors = {
      asset: 'There is no environment “X”.',
      certify: 'Certify it.',
      operation: 'Choose one.',
    }
    await open(path, { width })
    expect(await accessibilityProblems(page)).toBe('')
    expect(await scrollsSideways(page)).toBe(false)
    await screenshot(page, `components${path.replace(/\W+/g, '-')}-${width}`)
    expect(complaints).toEqual([])
  })
})

describe('Select Value', () => {
  test('opens as a dialog, filters, and puts the choice into its field', async () => {
    await open('/service-requests/new')
    await button('Select Value: Requested Action').click()
    await page.getByRole('dialog').waitFor()
    expect(await focused()).toBe('select-value-filter')
    await page.keyboard.type('stop')
    await eventually(() => page.locator('dialog tbody tr').count()).toBe(1)
    await button('Stop Asset Management Application').press('Enter')
    expect(await field('Requested Action').inputValue()).toBe('Stop Asset Management Application')
    expect(await focused()).toBe('field-action')
    expect(await page.locator('dialog[open]').count()).toBe(0)
  })

  test.each(['Escape', 'Cancel'])('%s closes it, changes nothing and gives focus back', async way => {
    await open('/service-requests/new')
    await field('Requested Action').fill('Rest')
    await button('Select Value: Requested Action').click()
    await page.getByRole('dialog').waitFor()
    if (way === 'Escape') await page.keyboard.press('Escape')
    else await button('Cancel').click()
    await eventually(() => page.locator('dialog[open]').count()).toBe(0)
    expect(await focused()).toBe('Select Value: Requested Action')
    expect(await field('Requested Action').inputValue()).toBe('Rest')
  })

  test('goes on as a page when the dialog can not be had', async () => {
    await open('/service-requests/new')
    await button('Select Value: Target Environment').click()
    await page.getByText('Something failed, in a page of its own.').waitFor()
    expect(new URL(page.url()).pathname).toBe('/lookup/broken')
  })

  test('is a page without scripts and keeps everything typed', async () => {
    await open('/service-requests/new', { javaScript: false })
    await field('Summary').fill('After the month end')
    await button('Select Value: Requested Action').click()
    await page.getByRole('heading', { level: 1, name: 'Select Value' }).waitFor()
    await field('Filter').fill('restart')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('tbody tr').count()).toBe(1)
    await button('Restart Asset Management Application').click()
    expect(await field('Requested Action').inputValue()).toBe('Restart Asset Management Application')
    expect(await field('Summary').inputValue()).toBe('After the month end')
  })
})

describe('a form', () => {
  test.each([true, false])('Enter saves, it opens no lookup (scripts: %s)', async javaScript => {
    await open('/service-requests/new', { javaScript })
    await field('Summary').fill('After the month end')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/2261')
    expect(gallery.saved).toMatchObject([{ act: 'save', summary: 'After the month end' }])
  })

  test('sent twice by a double click arrives once', async () => {
    await open('/service-requests/2261')
    await button('Queue Request').dblclick()
    await page.waitForLoadState('networkidle')
    expect(gallery.saved).toHaveLength(1)
  })

  test('sent back with errors puts focus on the summary, which leads to each field', async () => {
    gallery.errors = { asset: 'There is no environment “X”.', operation: 'Choose one.' }
    await open('/service-requests/new')
    await eventually(focused).toContain('There is a problem')
    expect(await page.title()).toBe('Error: New Service Request - Gatehouse')
    await page.getByRole('link', { name: 'There is no environment “X”.' }).press('Enter')
    expect(await focused()).toBe('field-asset')
    await page.getByRole('link', { name: 'Choose one.' }).press('Enter')
    expect(await focused()).toBe('field-operation')
  })
})

describe('a table', () => {
  test('filters with Enter, leaves empty filters out of the address and shows all again', async () => {
    await open('/service-requests?sort=asset')
    await field('Filter by Asset').fill('10000-DEV')
    await page.keyboard.press('Enter')
    await page.waitForURL(url => url.search === '?sort=asset&asset=10000-DEV')
    await field('Filter by Asset').fill('')
    await page.keyboard.press('Enter')
    await page.waitForURL(url => url.search === '?sort=asset')
    expect(await page.locator('[data-rows] > tr:not(.details-row)').count()).toBe(9)
  })

  test('says which filter to loosen when nothing is found', async () => {
    await open('/service-requests?asset=nothing&status=NEW')
    await page.getByRole('link', { name: 'Without Asset “nothing”' }).click()
    await page.waitForURL(url => url.search === '?status=NEW')
  })

  test('opens the details of a row in place, without scripts too', async () => {
    await open('/service-requests', { javaScript: false })
    expect(await page.locator('.details-row:visible').count()).toBe(0)
    await page.locator('summary', { hasText: 'Details of 2260' }).press('Enter')
    expect(await page.locator('.details-row:visible').textContent()).toContain('10000-DEV')
  })

  test('stays a table where its rows are shown as cards', async () => {
    await open('/service-requests', { width: 320 })
    const region = page.getByRole('region', { name: 'Service Requests table' })
    expect(await region.getByRole('row').count()).toBeGreaterThan(9)
    expect(await region.getByRole('rowheader').first().textContent()).toBe('2261')
  })
})

describe('keyboard shortcuts', () => {
  test('walk through rows, open one and go to places', async () => {
    await open('/service-requests')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await focused()).toBe('2260')
    await page.keyboard.press('k')
    expect(await focused()).toBe('2261')
    await page.keyboard.press('o')
    await page.waitForURL('**/service-requests/2261')
    await page.keyboard.press('.')
    expect(await focused()).toBe('Queue Request')
    await page.keyboard.press('n')
    await page.waitForURL('**/service-requests/new')
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.waitForURL('**/service-requests')
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.waitForURL(`${gallery.url}/`)
  })

  test('save, but never while something is typed', async () => {
    await open('/service-requests/new')
    await page.keyboard.press('/')
    expect(await focused()).toBe('find')
    await page.keyboard.type('gh?ns')
    expect(await page.locator('#find').inputValue()).toBe('gh?ns')
    await page.locator('h1').click()
    await page.keyboard.press('s')
    await page.waitForURL('**/2261')
    expect(gallery.saved).toHaveLength(1)
  })

  test('can be switched off', async () => {
    gallery.shortcuts = false
    await open('/service-requests')
    await page.keyboard.press('j')
    await page.keyboard.press('/')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY')
  })

  test('open the menu for the search where it is closed', async () => {
    await open('/service-requests', { width: 320 })
    await page.keyboard.press('/')
    expect(await focused()).toBe('find')
  })
})

describe('the menu', () => {
  test('stands beside the page where there is room', async () => {
    await open('/service-requests')
    const menu = page.getByRole('navigation', { name: 'Applications' })
    expect(await menu.getByRole('link', { name: 'Assets', exact: true }).isVisible()).toBe(true)
    expect(await menu.locator('[aria-current="page"]').textContent()).toBe('Service Requests')
  })

  test('is behind Menu on a narrow screen, without scripts too', async () => {
    await open('/service-requests', { width: 320, javaScript: false })
    const link = page.getByRole('link', { name: 'Assets', exact: true })
    expect(await link.isVisible()).toBe(false)
    await page.getByText('Menu', { exact: true }).press('Enter')
    expect(await link.isVisible()).toBe(true)
  })
})

describe('a live log', () => {
  const send = (id: number) =>
    gallery.stream()?.writeSSE({ id: String(id), data: `<li class="log-line" id="L${id}">Line ${id}</li>` })
  const scrolledToEnd = () =>
    page.evaluate(() => {
      const frame = document.querySelector('[data-log-frame]')
      return frame !== null && frame.scrollHeight - frame.scrollTop - frame.clientHeight < 24
    })
  const setHidden = (hidden: boolean) =>
    page.evaluate(value => {
      Object.defineProperty(document, 'hidden', { value, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, hidden)

  test('grows, and its end stays in sight until one scrolls up', async () => {
    await open('/log')
    await eventually(() => gallery.streams.length).toBe(1)
    await send(81)
    await page.locator('#L81').waitFor()
    expect(await scrolledToEnd()).toBe(true)
    await page.locator('[data-log-frame]').evaluate(frame => {
      frame.scrollTop = 0
    })
    await eventually(() => field('Follow the end').isChecked()).toBe(false)
    await send(82)
    await page.locator('#L82').waitFor()
    expect(await scrolledToEnd()).toBe(false)
    await field('Follow the end').check()
    expect(await scrolledToEnd()).toBe(true)
    expect(complaints).toEqual([])
  })

  test('is let go while the page is hidden, and goes on where it was', async () => {
    await open('/log')
    await eventually(() => gallery.streams.length).toBe(1)
    await send(81)
    await page.locator('#L81').waitFor()
    await setHidden(true)
    await eventually(() => gallery.stream()).toBeUndefined()
    await setHidden(false)
    await eventually(() => gallery.streams).toEqual([null, '81'])
  })

  test('is not asked for again once the server said that it ended', async () => {
    await open('/log')
    await eventually(() => gallery.streams.length).toBe(1)
    await page.evaluate(() => {
      document.querySelector('[data-log]')?.addEventListener('htmx:sse:close', event => {
        document.body.dataset.closed = (event as CustomEvent<{ reason: string }>).detail.reason
      })
    })
    await gallery.stream()?.writeSSE({ event: 'end', data: '' })
    await eventually(() => page.evaluate(() => document.body.dataset.closed)).toBe('message')
    expect(gallery.streams).toHaveLength(1)
  })

  test('is let go when every stream ends at once, and says so', async () => {
    gallery.streamsEndAtOnce = true
    await open('/log')
    await page.getByText('No longer live. Refresh the page to go on.').waitFor({ timeout: 25_000 })
    expect(gallery.streams).toHaveLength(5)
  })

  test('is searched line by line', async () => {
    await open('/log')
    await field('Find in log').fill('line 7')
    expect(await page.locator('.log-hit').count()).toBe(11)
    expect(await page.locator('[data-log-found]').textContent()).toBe('11 lines')
    await page.keyboard.press('Enter')
    expect(await page.locator('[data-log-found]').textContent()).toBe('2 of 11 lines')
  })
})
