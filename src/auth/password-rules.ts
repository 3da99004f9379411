import { loginKey } from '../people/login-id.ts'

const passwordLength = { min: 12, max: 128 }

/** The rules, as every page that asks for a new password says them. */
export const passwordHint = `At least ${passwordLength.min} characters; several words are easy to remember. Not your Login ID, and none of the commonest passwords.`

/** What is wrong with a new password, in words; null when it can be used. */
export function passwordProblem(password: string, loginId: string): string | null {
  const length = [...password].length
  if (length < passwordLength.min)
    return `The password has ${length} characters. Use at least ${passwordLength.min}; several words are easy to remember.`
  if (length > passwordLength.max)
    return `The password has ${length} characters. Use at most ${passwordLength.max}.`
  const plain = loginKey(password)
  const login = loginKey(loginId)
  if (plain === login || plain === login.split('@')[0])
    return 'The password is your Login ID. Use something that others don’t know.'
  if (new Set(plain).size < 5)
    return 'The password repeats a few characters. Use something less easy to guess.'
  if (isCommon(plain)) return 'This is one of the commonest passwords. Use something that nobody else uses.'
  return null
}

/** Common words with digits and signs around them are no better than the words. */
const isCommon = (password: string) =>
  common.has(password) || common.has(password.replace(/[^a-z]+$|^[^a-z]+/g, ''))

/** What of the commonest passwords is left after the length rule, and the words they are made of. */
const common = new Set([
  '1234567890123',
  '123456789012',
  '123123123123',
  '112233445566',
  '987654321098',
  '123qweasdzxc',
  '1qaz2wsx3edc',
  '1qaz2wsx3edc4rfv',
  'qwertyuiop',
  'qwertyuiopasdfghjkl',
  'qwertyuiop123',
  'qwerty123456',
  'asdfghjkl',
  'asdfghjklzxcvbnm',
  'zxcvbnm',
  'zxcvbnmasdfghjkl',
  'abcdefghijkl',
  'abcdefghijklm',
  'abcdefghijklmnop',
  'abcdefghijklmnopqrstuvwxyz',
  'abc123abc123',
  'password',
  'passwordpassword',
  'mypassword',
  'thepassword',
  'newpassword',
  'letmeinletmein',
  'letmein',
  'iloveyou',
  'iloveyouforever',
  'administrator',
  'administration',
  'adminadminadmin',
  'welcomewelcome',
  'welcome',
  'changeme',
  'changemechangeme',
  'changemenow',
  'trustno',
  'superman',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'liverpool',
  'manchesterunited',
  'correcthorsebatterystaple',
  'correct horse battery staple',
  'gatehouse',
  'gatehousegatehouse',
])
