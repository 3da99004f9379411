import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import { getRequestListener } from '@hono/node-server'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../scripts/free-port.ts'
import { createApp } from '../../src/app.tsx'
import { ownRoot } from '../../src/files/stores.ts'
import { paths } from '../../src/paths.ts'
import { granted } from '../support/accesses.ts'
import {
  accessibilityProblems,
  openBrowser,
  type PageOptions,
  screenshot,
  scrollsSideways,
  type TestBrowser,
} from '../support/browser.ts'
import { buildPrograms } from '../support/gatehouse.ts'
import { fieldInFocus, tabTo } from '../support/keyboard.ts'
import { createWorld, testPassword, type World } from '../support/world.ts'

/** Files in a real browser: sent with their progress in sight, without JavaScript, and without a mouse. */
const dev = '10000-DEV'
const mib = 1024 * 1024
const files = paths.store(dev, 'files')
let world: World
let server: Server
let browser: TestBrowser

beforeAll(async () => {
  const port = await freePort()
  world = await createWorld('sqlite', { env: { PUBLIC_URL: `http://127.0.0.1:${port}`, UPLOAD_LIMIT: '2' } })
  await buildPrograms()
  browser = await openBrowser()
  server = createServer(getRequestListener(createApp(world.deps).fetch)).listen(port, '127.0.0.1')
  await once(server, 'listening')
  await granted(world.deps, { access_type: 'object-storage-file' })
  const root = ownRoot(world.config, dev, 'files')
  mkdirSync(path.join(root, 'Month end', '2026'), { recursive: true })
  writeFileSync(path.join(root, 'export.csv'), 'a,b\n'.repeat(5000))
  writeFileSync(path.join(root, `${'a-very-long-name-without-a-place-to-break_'.repeat(5)}.txt`), 'long')
  writeFileSync(path.join(root, 'line\nbreak\u202e.txt'), 'strange')
  writeFileSync(path.join(root, 'Month end', 'june.csv'), 'a,b\n')
})
afterAll(async () => {
  await browser?.close()
  server?.closeAllConnections()
  server?.close()
  await world?.close()
})

async function open(person: string, address: string, options: PageOptions = {}): Promise<Page> {
  const page = await browser.newPage({ baseURL: world.config.PUBLIC_URL, ...options })
  await page.goto('/sign-in')
  await page.getByLabel('Login ID', { exact: true }).fill(`${person}@example.com`)
  await page.getByLabel('Password', { exact: true }).fill(testPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Start Center' }).waitFor()
  await page.goto(address)
  return page
}

const choose = (page: Page, name: string, bytes: number) =>
  page
    .getByLabel('File', { exact: true })
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.alloc(bytes, 'x') })
const upload = (page: Page) => page.getByRole('button', { name: 'Upload', exact: true }).click()
const said = (page: Page) => page.locator('.callout').first().textContent()

test.each([true, false])('a file is uploaded and downloaded (JavaScript %s)', async javaScript => {
  const page = await open('user02', files, { javaScript })
  const name = `report ${javaScript}.txt`
  await choose(page, name, mib)
  await upload(page)
  await page.getByText(`${name} is stored (1 MiB).`).waitFor()
  const downloaded = page.waitForEvent('download')
  await page.getByRole('link', { name, exact: true }).click()
  const download = await downloaded
  expect(download.suggestedFilename()).toBe(name)
  expect(readFileSync(await download.path())).toHaveLength(mib)
  await page.context().close()
})

test('a name with a line break is downloaded under a harmless one', async () => {
  const page = await open('user02', files)
  const downloaded = page.waitForEvent('download')
  await page.getByRole('link', { name: 'line‹U+000A›break‹U+202E›.txt', exact: true }).click()
  expect((await downloaded).suggestedFilename()).toBe('line_break_.txt')
  await page.context().close()
})

test('a file that is too large is told before it is sent, and after it where scripts don’t run', async () => {
  const page = await open('user02', files)
  await choose(page, 'large.bin', 2 * mib + 1)
  await upload(page)
  await page.getByText('large.bin is too large').waitFor()
  await page.context().close()
  const plain = await open('user02', files, { javaScript: false })
  await choose(plain, 'large.bin', 4 * mib)
  await upload(plain)
  await plain.getByRole('heading', { level: 1, name: 'This file is too large' }).waitFor()
  await plain.context().close()
})

test('what the portal refuses is shown in place of the page, with the focus on it', async () => {
  const page = await open('user02', files)
  await choose(page, 'con.txt', 10)
  await upload(page)
  const summary = page.locator('[data-error-summary]')
  await summary.waitFor()
  expect(await summary.textContent()).toContain('keep for themselves')
  expect(await summary.evaluate(element => element === document.activeElement)).toBe(true)
  await choose(page, 'con2.txt', 10)
  await upload(page)
  await page.getByText('con2.txt is stored').waitFor()
  await page.context().close()
})

test('folders are made and gone into by keyboard alone', async () => {
  const page = await open('user02', files)
  await tabTo(page, 'Upload a file')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await fieldInFocus(page)).toBe('File')
  await page.getByLabel('Folder name', { exact: true }).focus()
  await page.keyboard.type('By keyboard')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'By keyboard' }).waitFor()
  expect(await said(page)).toContain('The folder was made.')
  await tabTo(page, 'Files')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: `Files of ${dev}` }).waitFor()
  await tabTo(page, 'Month end')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'june.csv' }).waitFor()
  await page.context().close()
})

describe('looked at', () => {
  // Those that are reached by links are looked at with all others.
  const pages = [
    ['user02', 'files', files],
    ['operator', 'operator-files', files],
    ['operator', 'delete', paths.storeDelete(dev, 'files', { path: 'Month end/june.csv' })],
  ] as const

  test.each(pages)('%s: %s', async (person, name, address) => {
    const page = await open(person, address)
    await looksWell(page, name)
    await page.context().close()
  })

  test('operator: a store that was tried', async () => {
    const page = await open('operator', paths.adminAssetStorage(dev, { store: 'logs' }))
    await page.getByRole('button', { name: 'Try it', exact: true }).click()
    await page.getByText('It works').waitFor()
    await looksWell(page, 'storage-tried')
    await page.context().close()
  })

  async function looksWell(page: Page, name: string) {
    expect(await accessibilityProblems(page)).toBe('')
    await screenshot(page, `files-${name}-1440`)
    await page.emulateMedia({ colorScheme: 'dark' })
    await screenshot(page, `files-${name}-1440-dark`)
    await page.setViewportSize({ width: 320, height: 720 })
    await screenshot(page, `files-${name}-320-dark`)
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await scrollsSideways(page)).toBe(false)
    await screenshot(page, `files-${name}-320`)
    expect(await page.locator('h1').count()).toBe(1)
  }
})
