import type { Attrs } from './attrs.ts'

/** For names, paths and addresses that count to the letter: nothing completes, corrects or capitalises them. */
export const typedExactly = (maxlength: number): Attrs => ({ ...untouched, maxlength })

/** For JSON, certificates and lists, in a textarea. */
export const typedAsCode: Attrs = { autocomplete: 'off', spellcheck: 'false', class: 'code' }

const untouched = { autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off' }
