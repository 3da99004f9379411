import { inspect } from 'node:util'

/** A value that can't be printed by accident: every conversion gives `[secret]`. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  /** The one way to the value; search for it to see every use. */
  expose(): string {
    return this.#value
  }
  toString() {
    return '[secret]'
  }
  toJSON() {
    return '[secret]'
  }
  [Symbol.toPrimitive]() {
    return '[secret]'
  }
  [inspect.custom]() {
    return '[secret]'
  }
}
