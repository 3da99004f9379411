import './require-node.mjs'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

// Only after the check above: without `npm ci` there is no esbuild to complain with.
const { build } = await import('esbuild')

const root = path.resolve(import.meta.dirname, '..')
const dist = path.join(root, 'dist')
// Built aside and moved into place: a program that runs from dist never meets half a build.
const staging = path.join(dist, `.building-${process.pid}`)
const publicDir = path.join(staging, 'public')

await buildAll()

async function buildAll() {
  try {
    await mkdir(publicDir, { recursive: true })
    const hashes = await buildPublic()
    await bundlePrograms(hashes)
    await moveIntoPlace()
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** Everything below /static, minified, with its compressed twins. Gives content hashes by name. */
async function buildPublic() {
  await Promise.all([bundleBrowserFiles(), copyIcons(), copyHtmx()])
  const names = (await readdir(publicDir, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => path.relative(publicDir, path.join(entry.parentPath, entry.name)))
    .sort()
  const hashes = Object.fromEntries(await Promise.all(names.map(async name => [name, await compress(name)])))
  await writeFile(path.join(publicDir, 'manifest.json'), `${JSON.stringify(hashes, null, 2)}\n`)
  return hashes
}

async function bundleBrowserFiles() {
  await build({
    absWorkingDir: root,
    entryPoints: ['css/app.css', 'js/app.ts', 'js/app.js']
      .map(name => `public/${name}`)
      .filter(file => existsSync(path.join(root, file))),
    entryNames: '[name]',
    outdir: publicDir,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome120', 'firefox121', 'safari17.4'],
    external: ['*.svg', '*.woff2'],
    legalComments: 'none',
    logLevel: 'warning',
  })
}

async function copyIcons() {
  await cp(path.join(root, 'public/icons'), path.join(publicDir, 'icons'), { recursive: true })
}

async function copyHtmx() {
  const from = path.join(root, 'node_modules/htmx.org/dist')
  await mkdir(path.join(publicDir, 'vendor'), { recursive: true })
  await cp(path.join(from, 'htmx.min.js'), path.join(publicDir, 'vendor/htmx.min.js'))
  await cp(path.join(from, 'ext/hx-sse.min.js'), path.join(publicDir, 'vendor/hx-sse.min.js'))
}

/** Writes NAME.gz and NAME.br; gives the hash of the content. */
async function compress(name) {
  const file = path.join(publicDir, name)
  const content = await readFile(file)
  const [gz, br] = await Promise.all([
    promisify(gzip)(content, { level: 9 }),
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  ])
  await Promise.all([writeFile(`${file}.gz`, gz), writeFile(`${file}.br`, br)])
  return createHash('sha256').update(content).digest('base64url').slice(0, 12)
}

/** One file a program. Packages stay in node_modules; what belongs to development may be missing. */
async function bundlePrograms(hashes) {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
  const programs = { gatehouse: 'src/main.ts', demo: 'scripts/demo.ts', bench: 'scripts/bench.ts' }
  const present = Object.entries(programs).filter(([, file]) => existsSync(path.join(root, file)))
  await build({
    absWorkingDir: root,
    entryPoints: present.map(([out, file]) => ({ out, in: file })),
    outdir: staging,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    sourcemap: true,
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    define: { STATIC_HASHES: JSON.stringify(hashes), GATEHOUSE_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  })
}

async function moveIntoPlace() {
  for (const name of await readdir(staging)) await replace(path.join(staging, name), path.join(dist, name))
}

/** A folder can't be renamed over one that has content, and another build may be at the same place right now. */
async function replace(from, to, tries = 10) {
  try {
    await rename(from, to)
  } catch (error) {
    if (tries === 0 || !['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error
    await rm(to, { recursive: true, force: true })
    await replace(from, to, tries - 1)
  }
}
