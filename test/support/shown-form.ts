import type { HTMLElement } from 'node-html-parser'
import type { Fields, Filling } from './agent.ts'
import { nameOf, nameOfRegion, words } from './words.ts'

export interface FilledForm {
  action: string
  method: 'get' | 'post'
  fields: Fields
}

/** A form on a page: its fields by label, and what a browser would send. */
export class ShownForm {
  readonly #form: HTMLElement
  readonly #document: HTMLElement
  readonly #button: HTMLElement | undefined
  /** Whether it has the button that was looked for. */
  readonly hasButton: boolean
  constructor(form: HTMLElement, document: HTMLElement, button: string | null) {
    this.#form = form
    this.#document = document
    this.#button = this.#owned('button').find(b => button !== null && this.#isCalled(b, button))
    this.hasButton = button === null || this.#button !== undefined
  }

  #isCalled = (button: HTMLElement, name: string) =>
    nameOf(button) === name || `${nameOf(button)} in ${this.#tableOf(button)}` === name

  #tableOf(button: HTMLElement): string {
    const region = button.closest('section, [role="region"]')
    return region ? nameOfRegion(region, this.#document) : ''
  }

  has = (label: string) => this.#find(label) !== undefined

  control = (label: string): HTMLElement =>
    this.#find(label) ?? fail(`No field “${label}” in the form ${this.#form.getAttribute('action')}.`)

  read(label: string): string | boolean {
    const control = this.control(label)
    if (control.getAttribute('type') === 'checkbox') return control.hasAttribute('checked')
    if (control.tagName !== 'FIELDSET') return sentValue(control)
    const chosen = control.querySelectorAll('input').find(radio => radio.hasAttribute('checked'))
    return chosen ? this.#labelOf(chosen) : ''
  }

  /** What is sent when these fields are filled in and the button is pressed. */
  filled(filling: Filling): FilledForm {
    for (const [label, value] of Object.entries(filling)) this.#fill(label, value)
    const fields: Record<string, string[]> = {}
    const add = (name: string | undefined, value: string) => {
      if (name) fields[name] = [...(fields[name] ?? []), value]
    }
    for (const control of this.#owned('input, select, textarea'))
      if (isSent(control)) add(control.getAttribute('name'), sentValue(control))
    add(this.#button?.getAttribute('name'), this.#button?.getAttribute('value') ?? '')
    const method = this.#button?.getAttribute('formmethod') ?? this.#form.getAttribute('method')
    return {
      action: this.#button?.getAttribute('formaction') ?? this.#form.getAttribute('action') ?? '',
      method: method?.toLowerCase() === 'post' ? 'post' : 'get',
      fields,
    }
  }

  #fill(label: string, value: string | boolean) {
    const control = this.control(label)
    if (typeof value === 'boolean') return tick(control, value)
    if (control.tagName === 'FIELDSET') return this.#choose(control, value)
    if (control.tagName === 'SELECT') return select(control, value)
    if (control.tagName === 'TEXTAREA') control.textContent = value
    else control.setAttribute('value', value)
  }

  #choose(fieldset: HTMLElement, words: string) {
    const radios = fieldset.querySelectorAll('input[type="radio"]')
    const wanted = radios.find(r => this.#labelOf(r) === words || r.getAttribute('value') === words)
    if (!wanted) return fail(`No choice “${words}”.`)
    for (const radio of radios) tick(radio, radio === wanted)
  }

  #find(label: string): HTMLElement | undefined {
    const labels = [...this.#form.querySelectorAll('label'), ...this.#document.querySelectorAll('label')]
    for (const one of labels.filter(l => words(l) === label)) {
      const control = this.#owned('input, select, textarea').find(c => c.id === one.getAttribute('for'))
      if (control) return control
    }
    return this.#form.querySelectorAll('fieldset').find(f => words(f.querySelector('legend')) === label)
  }

  #labelOf = (control: HTMLElement) => words(this.#document.querySelector(`label[for="${control.id}"]`))

  /** Controls inside the form, and those that name it. */
  #owned(selector: string): HTMLElement[] {
    const inside = this.#form.querySelectorAll(selector).filter(c => !c.hasAttribute('form'))
    const id = this.#form.id
    const named = id
      ? this.#document.querySelectorAll(selector).filter(c => c.getAttribute('form') === id)
      : []
    return [...inside, ...named]
  }
}

function isSent(control: HTMLElement): boolean {
  if (control.hasAttribute('disabled')) return false
  const type = control.getAttribute('type')
  return type === 'checkbox' || type === 'radio' ? control.hasAttribute('checked') : true
}

function sentValue(control: HTMLElement): string {
  if (control.tagName === 'TEXTAREA') return control.textContent.trim()
  if (control.tagName !== 'SELECT')
    return control.getAttribute('value') ?? (control.getAttribute('type') === 'checkbox' ? 'on' : '')
  const options = control.querySelectorAll('option')
  const chosen = options.find(o => o.hasAttribute('selected')) ?? options[0]
  return chosen?.getAttribute('value') ?? words(chosen)
}

function select(control: HTMLElement, value: string) {
  const options = control.querySelectorAll('option')
  const wanted = options.find(o => (o.getAttribute('value') ?? '') === value || words(o) === value)
  if (!wanted) return fail(`No choice “${value}” among ${options.map(words).join(', ')}.`)
  for (const option of options)
    if (option === wanted) option.setAttribute('selected', '')
    else option.removeAttribute('selected')
}

function tick(control: HTMLElement, on: boolean) {
  if (on) control.setAttribute('checked', '')
  else control.removeAttribute('checked')
}

function fail(message: string): never {
  throw new Error(message)
}
