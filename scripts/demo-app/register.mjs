import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

const first = [
  { number: 1001, name: 'Feed pump', location: 'Hall 1' },
  { number: 1002, name: 'Conveyor', location: 'Hall 1' },
  { number: 1003, name: 'Cooling unit', location: 'Hall 2' },
  { number: 1004, name: 'Fork-lift truck', location: 'Yard' },
]

/** The application's data: a list of assets in a JSON file, written whole or not at all. */
export function openRegister(file) {
  const assets = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : first
  return {
    list: () => assets,
    add(name, location) {
      if (!name.trim()) return undefined
      const number = Math.max(1000, ...assets.map(asset => asset.number)) + 1
      const asset = { number, name: name.trim().slice(0, 80), location: location.trim().slice(0, 80) }
      assets.push(asset)
      writeFileSync(`${file}.tmp`, JSON.stringify(assets, null, 2))
      renameSync(`${file}.tmp`, file)
      return asset
    },
  }
}
