import { type HTMLElement, parse } from 'node-html-parser'
import { ShownForm } from './shown-form.ts'
import { nameOf, nameOfRegion, words } from './words.ts'

/** An answer of the portal, read the way a person reads a page. */
export class ShownPage {
  /** Path and query that were asked for. */
  readonly path: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly document: HTMLElement
  constructor(path: string, status: number, headers: Readonly<Record<string, string>>, body: string) {
    this.path = path
    this.status = status
    this.headers = headers
    this.body = body
    this.document = parse(this.isHtml ? body : '')
  }

  get isHtml() {
    return (this.headers['content-type'] ?? '').startsWith('text/html')
  }
  get location(): string | null {
    return this.headers.location ?? null
  }
  get heading() {
    return words(this.document.querySelector('h1'))
  }
  get main(): HTMLElement {
    return this.document.querySelector('main') ?? this.document
  }
  /** Everything in main. */
  get text() {
    return words(this.main)
  }
  get csrf() {
    return this.document.querySelector('input[name="csrf"]')?.getAttribute('value') ?? ''
  }
  /** The sentence left by the act before. */
  get flash() {
    return words(this.document.querySelector('main .callout[role="status"]'))
  }
  /** What the summary at the top says is wrong. */
  get problems(): string[] {
    return this.document.querySelectorAll('[data-error-summary] li').map(words)
  }
  /** Names of the buttons in main. */
  get buttons(): string[] {
    return this.main.querySelectorAll('button').map(nameOf)
  }

  /** The words of all links. */
  get links(): string[] {
    return this.document.querySelectorAll('a').map(nameOf)
  }

  /** The address behind a link's words. */
  link(text: string): string {
    const link = this.document.querySelectorAll('a').find(a => nameOf(a) === text)
    return link?.getAttribute('href') ?? missing(`link “${text}”`, this)
  }

  /** Cells of a table found by its name, row by row. */
  table(name: string): string[][] {
    const table = this.document
      .querySelectorAll('section, table, [role="region"]')
      .find(t => nameOfRegion(t, this.document) === name)
    if (!table) return missing(`table “${name}”`, this)
    return table.querySelectorAll('tbody tr').map(row => row.querySelectorAll('th, td').map(words))
  }

  /** What a field holds now. */
  field(label: string): string | boolean {
    return this.formWith(null, [label]).read(label)
  }

  /** What is said to be wrong with a field. */
  errorOf(label: string): string {
    const control = this.formWith(null, [label]).control(label)
    const ids = (control.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .filter(id => id.endsWith('-error'))
    return ids.map(id => words(this.document.getElementById(id))).join(' ')
  }

  /**
   * The first form, those in main before others, that has this button and these fields. Of buttons with the same name
   * one is told by its table: "New Row in Assets table".
   */
  formWith(button: string | null, labels: readonly string[]): ShownForm {
    const forms = [...this.main.querySelectorAll('form'), ...this.document.querySelectorAll('form')]
    const found = forms
      .map(form => new ShownForm(form, this.document, button))
      .find(form => form.hasButton && labels.every(label => form.has(label)))
    return found ?? missing(`form with ${[button, ...labels].filter(Boolean).join(', ')}`, this)
  }
}

function missing(what: string, page: ShownPage): never {
  throw new Error(`No ${what} on ${page.path} (${page.status} ${page.heading}): ${page.text.slice(0, 500)}`)
}
