/**
 * Names of objects. Those that are made here follow a rule. Those that are found may be anything: other programs write
 * into the same folders and buckets, and what they call things must neither escape nor act on whoever reads it.
 */
const mostBytes = 255
const bytesOf = (text: string) => new TextEncoder().encode(text).length

/** The portal's own folder in every local one: what is still being uploaded. */
export const ownFolder = '.gatehouse'

/** Windows takes these for devices, whatever follows the first dot. */
const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i
/** Control and format characters (directions of writing, zero widths), private ones, and halves of characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u
// Some of them become a slash or a point when a program simplifies them.
const lookAlikes = /[∕⁄⧸⧵⧹∖╱╲․‥…]/u

/** What is wrong with the name of a file or folder that is to be made, in words; null: nothing. */
export function wrongName(name: string): string | null {
  if (name.trim() === '') return 'Give it a name.'
  if (bytesOf(name) > mostBytes) return `The name is too long. Use at most ${mostBytes} bytes.`
  if (unseen.test(name))
    return 'The name holds a character that can’t be seen, such as a line break or a change of the direction of writing. Rename it and try again.'
  if (/[/\\]/.test(simple(name)) || lookAlikes.test(name))
    return 'A name can’t hold a slash or a backslash, nor what looks like one. Rename it and try again.'
  if (/[<>:"|?*]/.test(name))
    return 'The name holds one of < > : " | ? *, which not every system can store. Rename it and try again.'
  if (name !== name.trim() || name.endsWith('.') || /^\.+$/.test(simple(name)))
    return 'A name can’t begin or end with a space, nor end with a dot. Rename it and try again.'
  if (devices.test(simple(name)) || isOwnFolder(name))
    return `“${name}” is a name that some systems keep for themselves. Rename it and try again.`
  return null
}

/** One way of writing it, where Unicode has several: the same name on every system. */
export const storedName = (name: string) => name.normalize('NFC')

export const isOwnFolder = (name: string) => simple(name).toLowerCase() === ownFolder

const simple = (name: string) => name.normalize('NFKC')

/** `report.pdf`, `report (2).pdf`, `report (3).pdf` …: nothing that is there is ever replaced. */
export function numberedName(name: string, number: number): string {
  if (number === 1) return name
  const dot = name.lastIndexOf('.')
  const at = dot > 0 ? dot : name.length
  return shortened(name.slice(0, at), ` (${number})${name.slice(at)}`)
}

/** Keeps the ending and cuts the beginning, never through a character. */
function shortened(beginning: string, ending: string): string {
  let kept = beginning
  while (kept !== '' && bytesOf(kept + ending) > mostBytes) kept = [...kept].slice(0, -1).join('')
  return kept + ending
}

/** What stands in an address: the key of an object, or of a folder, which ends with a slash. Undefined: neither. */
export function keyOf(text: string | undefined): string | undefined {
  if (text === undefined || text.includes('\0') || bytesOf(text) > 1024) return undefined
  return text
}

/** A folder's key ends with a slash, however it was typed; '' is the whole store. */
export const folderKey = (text: string) => (text === '' || text.endsWith('/') ? text : `${text}/`)

/** The last part of a key, without a folder's slash. */
export function nameOf(key: string): string {
  const path = key.endsWith('/') ? key.slice(0, -1) : key
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The key of the folder it stands in. */
export const parentOf = (key: string): string => {
  const path = key.endsWith('/') ? key.slice(0, -1) : key
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/** The folders above a key, outermost first. */
export function foldersAbove(key: string): string[] {
  const above: string[] = []
  for (let at = parentOf(key); at !== ''; at = parentOf(at)) above.unshift(at)
  return above
}

/** A name as it may be shown: what can't be seen is spelled out. */
export function shownName(name: string): string {
  if (name === '') return '(no name)'
  return name.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu,
    character => `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  )
}

/** A whole key as it may be shown. */
export const shownKey = (key: string) =>
  key
    .split('/')
    .map(part => (part === '' ? '' : shownName(part)))
    .join('/')

/** `Content-Disposition` of a download: only the last part of the key, and nothing in it that a system could act on. */
export function attachment(key: string): string {
  const name = downloadName(key)
  const plain = name.replace(/[^\x20-\x7e]|["%\\]/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, percent)}`
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

function downloadName(key: string): string {
  const name = nameOf(key)
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|[/\\<>:"|?*]/gu, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '_')
  const safe = name === '' || /^_*$/.test(name) ? 'file' : name
  return devices.test(safe) ? `_${safe}` : safe
}
