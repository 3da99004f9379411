// A stand-in for a system with accounts: what a provider's own program would do, on a file. Passwords come on standard
// input, the account's on the first line and the system's own on the second.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

const [file, verb, name = '', mark = '', until = ''] = process.argv.slice(2)
const [password = '', admin = ''] = readFileSync(0, 'utf8').split('\n')
const accounts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
const account = accounts[name]
const statuses = {
  refused: 10,
  notOurs: 11,
  missing: 12,
  wrong: 13,
  expired: 14,
  locked: 15,
  unreachable: 75,
}

const end = (word, says = '') => {
  if (says) process.stderr.write(`${says}\n`)
  process.exit(word === 'done' ? 0 : statuses[word])
}
const store = () => {
  writeFileSync(`${file}.new`, JSON.stringify(accounts))
  renameSync(`${file}.new`, file)
}
const expectOurs = () => {
  if (!account) end('missing', `There is no ${name}.`)
  if (String(account.mark) !== mark) end('notOurs', `${name} is somebody else's.`)
}

if (admin !== 'the portal 4711') end('unreachable', `Wrong password ${admin}.`)
if (verb === 'check' || verb === 'identify') process.stdout.write('stand-in 1\n')
else if (verb === 'who')
  process.stdout.write(!account ? 'free\n' : account.mark === null ? 'foreign\n' : `ours ${account.mark}\n`)
else if (verb === 'ensure' || verb === 'create') {
  if (account) expectOurs()
  if (/forbidden/i.test(password)) end('refused', `The password ${password} is forbidden.`)
  accounts[name] = { mark: Number(mark), password, until, locked: false }
  store()
} else if (verb === 'password') {
  expectOurs()
  if (/forbidden/i.test(password)) end('refused', `The password ${password} is forbidden.`)
  Object.assign(account, { password, until })
  store()
} else if (verb === 'extend') {
  expectOurs()
  account.until = until
  store()
} else if (verb === 'prove') {
  if (!account) end('missing')
  if (account.locked) end('locked')
  if (account.until && account.until < new Date().toISOString()) end('expired')
  end(account.password === password ? 'done' : 'wrong')
} else if (verb === 'lock') {
  expectOurs()
  account.locked = true
  store()
} else if (verb === 'drop') {
  expectOurs()
  delete accounts[name]
  store()
} else if (verb === 'list')
  for (const [one, { mark: carries, locked, until: last }] of Object.entries(accounts))
    process.stdout.write(`${[one, carries ?? '-', locked ? 'locked' : 'open', last || '-'].join('\t')}\n`)
else if (verb === 'adopt') {
  if (!account) end('missing')
  account.mark = Number(mark)
  store()
} else end('unreachable', `What is ${verb}?`)
