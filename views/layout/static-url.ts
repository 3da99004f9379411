import { paths } from '../../src/paths.ts'

/** File name → hash of its content; put in by the build, absent when run from source. */
declare const STATIC_HASHES: Readonly<Record<string, string>> | undefined

const hashes: Readonly<Record<string, string>> = typeof STATIC_HASHES === 'undefined' ? {} : STATIC_HASHES

/** Address of a file in public/, with its content's hash, so that browsers may keep it for ever. */
export const staticUrl = (name: string) =>
  hashes[name] ? `${paths.staticFile(name)}?v=${hashes[name]}` : paths.staticFile(name)
