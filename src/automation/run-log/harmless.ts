/**
 * Output as text that can't act on whoever reads it: colours and cursor movements are taken out, other control
 * characters and those that turn the direction of writing are made visible.
 */
export const harmless = (text: string): string =>
  suspicious.test(text) ? text.replace(escapeSequence, '').replace(control, picture) : text

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const suspicious = /[\0-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/
/** CSI, OSC, the other strings (DCS, SOS, PM, APC) and two-character sequences, complete ones only. */
const escapeSequence =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)|\x1b[ -/]*[0-OQ-WYZ\\`-~]/g
const control = /[\0-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: control characters are what this is about

const picture = (character: string): string => {
  const code = character.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
}
