import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

export interface Import {
  /** Path from the project's root, or the package's name. */
  target: string
  package: boolean
  typeOnly: boolean
}

export interface SourceFile {
  /** From the project's root, with `/`. */
  path: string
  text: string
  /** Without comments. */
  code: string
  imports: readonly Import[]
}

export const projectRoot = path.resolve(import.meta.dirname, '../..')

/** The project's own TypeScript files below these folders. */
export const sourceFiles = (...folders: string[]): SourceFile[] =>
  globSync(
    folders.map(folder => `${folder}/**/*.{ts,tsx}`),
    { cwd: projectRoot },
  )
    .sort()
    .map(read)

function read(file: string): SourceFile {
  const text = readFileSync(path.join(projectRoot, file), 'utf8')
  const code = withoutComments(text)
  return { path: file.replaceAll(path.sep, '/'), text, code, imports: importsOf(file, code) }
}

/** Strings and templates are stepped over: they may hold what looks like a comment. */
export const withoutComments = (text: string) =>
  text.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|(?<!\\)\/\/[^\n]*/g,
    (_all, literal: string | undefined) => literal ?? '',
  )

const statement =
  /(?:^|\n)\s*(?:import|export)\s+(?:(?<type>type)\s+)?(?:(?<names>[^'";]*?)\s+from\s+)?'(?<from>[^']+)'/g
const dynamic = /\bimport\(\s*'(?<from>[^']+)'\s*\)/g

function importsOf(file: string, code: string): Import[] {
  return [...code.matchAll(statement), ...code.matchAll(dynamic)].map(({ groups = {} }) => ({
    ...located(file, groups.from ?? ''),
    typeOnly: groups.type !== undefined || onlyTypes(groups.names),
  }))
}

const onlyTypes = (names: string | undefined) => {
  const listed = names?.match(/^\{([\s\S]*)\}$/)?.[1]?.split(',') ?? ['']
  return listed.filter(name => name.trim()).every(name => name.trim().startsWith('type ')) && listed[0] !== ''
}

const located = (file: string, from: string) =>
  from.startsWith('.')
    ? { target: path.posix.join(path.posix.dirname(file), from), package: false }
    : { target: from, package: true }
