import { describe, expect, test } from 'vitest'
import { type Import, type SourceFile, sourceFiles, withoutComments } from '../support/source-files.ts'

/** Who may import whom: the layers that keep the house in order. Types cross borders freely where it says so. */
const files = sourceFiles('src', 'views', 'db', 'public')
const domains = /^src\/(?!http\/|jobs\/|automation\/|cli\/)[^/]+\//
const anyDomain = /^src\/(?!http\/|jobs\/|cli\/)[^/]+\//
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
const outermost = /^src\/(cli\/|main\.ts|app\.tsx|work\.ts)/

interface Rule {
  title: string
  of: RegExp
  except?: RegExp
  never: (imported: Import, file: SourceFile) => boolean
}

const rules: readonly Rule[] = [
  {
    title: 'only the program itself imports commands, site map and registries',
    of: /^/,
    except: outermost,
    never: ({ target, typeOnly }) => outermost.test(target) && !typeOnly,
  },
  {
    title: 'http knows no domain',
    of: /^src\/http\//,
    never: ({ target, typeOnly }) => anyDomain.test(target) && !typeOnly,
  },
  {
    title: 'jobs know no domain, no http and no page',
    of: /^src\/jobs\//,
    never: ({ target }) => anyDomain.test(target) || /^(src\/http|views)\//.test(target),
  },
  {
    title: 'automation knows no other domain, no http and no page',
    of: /^src\/automation\//,
    never: ({ target }) =>
      (domains.test(target) && !target.startsWith('src/audit/')) || /^(src\/http|views)\//.test(target),
  },
  {
    title: 'what everything stands on imports nothing above it',
    of: /^src\/(?!app\.tsx|main\.ts|work\.ts)[^/]+\.ts$/,
    never: ({ target, typeOnly }) =>
      /^(src\/[^/]+\/|views\/)/.test(target) && !target.endsWith('-states.ts') && !typeOnly,
  },
  {
    title: 'paths and policy do no input or output',
    of: /^src\/(paths|policy|result)\.ts$|-states\.ts$/,
    never: ({ target, typeOnly }) => /^(node:|kysely|hono|pino)/.test(target) && !typeOnly,
  },
  {
    title: 'queries only read: schema, Kysely and words of their own domain',
    of: /^src\/.+\/queries\.ts$/,
    never: ({ target, typeOnly }, { path }) =>
      !typeOnly &&
      /^(src\/(mail|audit|jobs|http)\/|views\/|hono)/.test(target) &&
      !target.startsWith(folderOf(path)),
  },
  {
    title: 'only routes, with their forms and answers, draw pages and speak HTTP; a verb draws mails at most',
    of: domains,
    except: /(routes|answer|forms?)\.tsx?$|^src\/operation\//,
    never: ({ target, typeOnly }) =>
      (/^(src\/http|views)\//.test(target) || target.startsWith('hono')) &&
      !/^(views\/emails\/|src\/http\/address\.ts$)/.test(target) &&
      !typeOnly,
  },
  {
    title: 'nobody but the site map imports routes, nobody but routes what answers for them',
    of: /^/,
    except: /^src\/app\.tsx$|(routes|answer)\.tsx?$/,
    never: ({ target }) => /(routes|answer)\.tsx?$/.test(target),
  },
  {
    title: 'views take paths, policy, states and types; never the database, http or queries',
    of: /^views\//,
    never: ({ target, typeOnly }) =>
      !typeOnly &&
      (/^(db|src\/http|src\/jobs|src\/cli)\//.test(target) ||
        /queries\.ts$/.test(target) ||
        /^(node:|kysely)/.test(target)),
  },
  {
    title: 'the database layer stands on its drivers',
    of: /^db\//,
    never: ({ target, typeOnly }) => /^(src|views)\//.test(target) && !typeOnly,
  },
  {
    title: 'only dialects, what listens to PostgreSQL and provisioners know drivers',
    of: /^/,
    except: /^db\/dialects\/|^src\/jobs\/listen-notify\.ts$|^src\/provisioners\/[^/]+\//,
    never: ({ target, typeOnly }) => /^(better-sqlite3|pg|mariadb)$/.test(target) && !typeOnly,
  },
  {
    title: 'provisioners know their interface and their libraries only',
    of: /^src\/provisioners\//,
    never: ({ target, typeOnly }) => !typeOnly && /^(db|views|src\/(?!provisioners\/)[^/]+)\//.test(target),
  },
  {
    title: 'the vault knows no domain',
    of: /^src\/vault\//,
    never: ({ target, typeOnly }) => !typeOnly && anyDomain.test(target) && !target.startsWith('src/vault/'),
  },
  {
    title: 'executors know their interface and their libraries only',
    of: /^src\/automation\/executors\/[^/]+\//,
    never: ({ target, typeOnly }) => !typeOnly && /^(db|views|src\/(?!automation\/)[^/]+)\//.test(target),
  },
  {
    title: 'what browsers load imports only from public',
    of: /^public\//,
    never: ({ target, typeOnly }) => !target.startsWith('public/') && !typeOnly,
  },
]

test.each(rules)('$title', ({ of, except, never }) => {
  const broken = files
    .filter(file => of.test(file.path) && !except?.test(file.path))
    .flatMap(file => file.imports.filter(i => never(i, file)).map(i => `${file.path} imports ${i.target}`))
  expect(broken).toEqual([])
})

test('nothing imports in a circle', () => {
  expect(circles(files)).toEqual([])
})

test('no drawer takes everything', () => {
  const drawers = /(^|\/)(utils?|helpers?|common|misc|shared|lib)(\/|\.tsx?$)/
  expect(files.map(file => file.path).filter(path => drawers.test(path))).toEqual([])
})

describe('never in the code', () => {
  test.each([
    ['the environment, outside src/config.ts', /\bprocess\.env\b/, /^src\/config\.ts$/],
    ['a type check switched off', /@ts-(ignore|expect-error|nocheck)|\bas any\b|noExplicitAny/, /^$/],
    [
      'markup that is not escaped',
      /dangerouslySetInnerHTML|\braw\b[^\n]*'hono\/html'|\.(inner|outer)HTML\b/,
      /^$/,
    ],
    ['an inline style or script', /\sstyle=|<script>(?!<)|\son(click|change|submit|load)=/, /^$/],
  ])('%s', (_title, pattern, except) => {
    const found = files
      .filter(file => !except.test(file.path) && pattern.test(file.text))
      .map(file => `${file.path}: ${pattern.exec(file.text)?.[0].trim()}`)
    expect(found).toEqual([])
  })
})

test('every table is written by one folder', () => {
  const writers = new Map<string, Set<string>>()
  for (const file of files.filter(one => one.path.startsWith('src/')))
    for (const [, table = ''] of file.code.matchAll(/\b(?:insertInto|updateTable|deleteFrom)\(\s*'(\w+)'/g))
      writers.set(table, (writers.get(table) ?? new Set()).add(file.path.split('/').slice(0, 2).join('/')))
  const shared = [...writers].filter(([, folders]) => folders.size > 1)
  expect(shared.map(([table, folders]) => `${table}: ${[...folders].sort().join(', ')}`)).toEqual([])
})

test('the scanner tells comments from strings and types from values', () => {
  expect(withoutComments(`a('//x') // gone\n/* gone */ b`)).toBe(`a('//x') \n b`)
  const all = files.flatMap(file => file.imports)
  expect(all.filter(i => i.target === 'db/schema.ts').every(i => i.typeOnly)).toBe(true)
  expect(all.some(i => i.package && i.target === 'kysely' && !i.typeOnly)).toBe(true)
})

/** Circles of imports that exist at run time, each once, beginning at its first file by name. */
function circles(all: readonly SourceFile[]): string[] {
  const graph = new Map(
    all.map(file => [file.path, file.imports.filter(i => !i.typeOnly).map(i => i.target)]),
  )
  const found = new Set<string>()
  const done = new Set<string>()
  const visit = (node: string, trail: readonly string[]) => {
    const at = trail.indexOf(node)
    if (at >= 0) return void found.add(fromFirst(trail.slice(at)))
    if (done.has(node)) return
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node])
    done.add(node)
  }
  for (const node of graph.keys()) visit(node, [])
  return [...found]
}

function fromFirst(circle: readonly string[]): string {
  const start = circle.indexOf([...circle].sort()[0] ?? '')
  return [...circle.slice(start), ...circle.slice(0, start + 1)].join(' → ')
}
