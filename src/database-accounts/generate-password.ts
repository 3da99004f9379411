import { randomInt } from 'node:crypto'
import { Secret } from '../secret.ts'
import { kindOf, passwordKinds, passwordLength } from './password-rule.ts'

const alphabet = passwordKinds.join('')

/** A password with at least one character of each kind, each as likely as every other. */
export function generatePassword(): Secret {
  for (;;) {
    const characters = Array.from(
      { length: passwordLength.generated },
      () => alphabet[randomInt(alphabet.length)] ?? '',
    )
    // Drawn anew as a whole: putting a missing kind somewhere would make some passwords likelier.
    if (new Set(characters.map(kindOf)).size === passwordKinds.length) return new Secret(characters.join(''))
  }
}
