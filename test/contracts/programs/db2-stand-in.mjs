// A recorded stand-in for `db2 -x -t`: no Db2 can run here. It reads statements from standard input, keeps them in a
// file, and answers the few queries of the provisioner in the form that Db2's documentation shows.
import { appendFileSync, readFileSync } from 'node:fs'

const [file] = process.argv.slice(2)
const statements = readFileSync(0, 'utf8')
  .split(';\n')
  .map(text => text.trim())
  .filter(Boolean)
const said = readFileSync(file, { encoding: 'utf8', flag: 'a+' })
/** Schema and table, by owner. */
const owned = {
  DBSRV_OWNER: [['APP', 'LEFT_BEHIND']],
  DBSRV_CROOK: [['PAY.ROLL', 'A"B']],
  DBSRV_BREAK: [['APP', 'A\n"PAY"."ROLL']],
}
const quoted = name => `"${name.replaceAll('"', '""')}"`
let status = 0
for (const statement of statements) {
  if (/^CONNECT TO/.test(statement)) {
    if (!statement.endsWith('USING "the portal 4711"')) {
      process.stdout.write('SQL30082N  Security processing failed with reason "24". SQLSTATE=08001\n')
      process.exit(4)
    }
    continue
  }
  if (/^(CONNECT RESET)/.test(statement)) continue
  if (/^CREATE ROLE/.test(statement) && said.includes(`${statement}\n`)) {
    process.stdout.write('SQL0601N  The name of the object to be created is identical. SQLSTATE=42710\n')
    status = 4
  } else if (/^REVOKE/.test(statement)) {
    process.stdout.write('SQL0556N  An attempt to revoke a privilege from that user failed. SQLSTATE=42504\n')
    status = 4
  } else if (/SERVICE_LEVEL/.test(statement)) process.stdout.write('DB2 v11.5.9.0\n')
  else if (/SYSCAT.TABLES/.test(statement))
    for (const names of owned[/OWNER = '(\w+)'/.exec(statement)?.[1]] ?? [])
      process.stdout.write(`${names.map(/REPLACE/.test(statement) ? quoted : name => name).join('.')}\n`)
  appendFileSync(file, `${statement}\n`)
}
process.exit(status)
