import { existsSync, readFileSync, writeFileSync } from 'node:fs'
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
