import type { EngineDefinition } from '../engine.ts'
import { CommandProvisioner } from './command-provisioner.ts'
import { commandOptions } from './protocol.ts'

/** Any system that has a program for its accounts. */
export const command: EngineDefinition = {
  label: 'Command',
  defaultPort: 22,
  options: commandOptions,
  hint: 'A program of yours makes the accounts. It is called with the arguments below; passwords come on its standard input, the account’s on the first line and the server’s own on the second. Its exit status tells how it went: 0 done, 10 password refused, 11 somebody else’s account, 12 missing, 13 wrong password, 14 expired, 15 locked, 16 the standby lags, 75 try again later.',
  open: (access, deps) => new CommandProvisioner(access, commandOptions.parse(access.options), deps),
  connectionStrings: () => [],
}
