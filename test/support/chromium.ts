import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import packaged, { inflate } from '@sparticuz/chromium'

interface InstalledChromium {
  executablePath: string
  env: Record<string, string>
}

const version = '153.0.0'

/** The Chromium of the package, unpacked once a machine with the libraries it may lack; else the system's. */
export async function installedChromium(): Promise<InstalledChromium> {
  const inherited = definedOnly(process.env)
  if (process.arch !== 'x64') return { executablePath: '/usr/bin/chromium', env: inherited }
  const folder = path.join(tmpdir(), `gatehouse-chromium-${version}`)
  if (!existsSync(folder)) await unpack(folder)
  return { executablePath: path.join(folder, 'chromium'), env: { ...inherited, ...librariesFrom(folder) } }
}

/** Into a folder of its own first: test files start at the same time and must not meet half a program. */
async function unpack(folder: string) {
  const half = mkdtempSync(`${folder}-`)
  const before = process.env.TMPDIR
  process.env.TMPDIR = half
  try {
    await packaged.executablePath()
    await inflate(path.join(packageFolder(), 'bin', 'al2023.tar.br'))
    writeFileSync(path.join(half, 'fonts.conf'), fontsConfig(folder))
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  try {
    renameSync(half, folder)
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
}

const packageFolder = () =>
  path.resolve(path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..')

const usual = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib']
const hasNss = () => usual.some(folder => existsSync(path.join(folder, 'libnss3.so')))

/** A machine may have no fonts at all; with the package's first, pictures look the same everywhere. */
const fontsConfig = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`

const librariesFrom = (folder: string) => ({
  FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
  ...(hasNss() ? {} : { LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib') }),
})

const definedOnly = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
