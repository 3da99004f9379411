import { get } from 'node:http'
import { load, type Measured, median } from './load.ts'

export interface Page {
  name: string
  url: string
  cookie?: string
  acceptEncoding?: string
}

const rounds = 3
const seconds = 2
const connections = 16

/** Every page in every round, so that what else the machine does touches all alike. */
export async function measurePages(pages: readonly Page[]): Promise<Map<string, Measured>> {
  for (const page of pages) await load({ ...page, connections, seconds: 1 })
  const found = new Map<string, Measured[]>()
  for (let round = 0; round < rounds; round++)
    for (const page of pages) {
      const measured = await load({ ...page, connections, seconds })
      found.set(page.name, [...(found.get(page.name) ?? []), measured])
    }
  return new Map([...found].map(([name, all]) => [name, medians(all)]))
}

const medians = (all: readonly Measured[]): Measured => ({
  perSecond: median(all.map(one => one.perSecond)),
  p50: median(all.map(one => one.p50)),
  p99: median(all.map(one => one.p99)),
  bytes: all[0]?.bytes ?? 0,
})

/** Bytes of a page and all it loads, as a browser gets them the first time. */
export async function firstLoad(url: string, cookie: string): Promise<number> {
  const page = await fetch(url, { headers: { cookie } })
  const text = await page.text()
  const links = [...text.matchAll(/<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"/g)].map(
    ([, to = '']) => to,
  )
  const sizes = await Promise.all(
    [url, ...links.map(to => new URL(to, url).href)].map(to => sentBytes(to, cookie)),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

function sentBytes(url: string, cookie: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { cookie, 'accept-encoding': 'gzip, deflate, br, zstd' } }, answer => {
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      answer.on('end', () => resolve(bytes))
    }).on('error', reject)
  })
}
