import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'

export type Ports = Readonly<Record<string, number>>

const portsFile = (folder: string) => path.join(folder, 'demo-ports.json')

/** The port of each environment's application, as remembered. */
export function rememberedPorts(folder: string): Ports {
  const file = portsFile(folder)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Ports) : {}
}

export const rememberPorts = (folder: string, ports: Ports) =>
  writeFileSync(portsFile(folder), `${JSON.stringify(ports, null, 2)}\n`, { mode: 0o600 })

/** The preferred port if nobody has it, else one that is free now. */
export async function freePort(preferred: number | undefined): Promise<number> {
  return (preferred && (await bindable(preferred))) || (await bindable(0)) || 0
}

async function bindable(port: number): Promise<number | undefined> {
  const server = createServer()
  const bound = once(server, 'listening').then(
    () => true,
    () => false,
  )
  server.listen(port, '127.0.0.1')
  if (!(await bound)) return undefined
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : undefined
}
