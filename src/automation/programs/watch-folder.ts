import { type FSWatcher, watch } from 'node:fs'

export interface FolderWatch {
  /** Resolves at the next change, or at once if there was one since the last call. */
  changed(): Promise<void>
  /** As if something had changed. */
  wake(): void
  close(): void
}

/** Only the net: changes are announced by the system, where it does that. */
const slowLookMs = 1_000
const lookWithoutWatchMs = 200

export function watchFolder(folder: string): FolderWatch {
  let changed = false
  let heard: (() => void) | undefined
  const wake = () => {
    changed = true
    heard?.()
  }
  const watcher = watched(folder, wake)
  const timer = setInterval(wake, watcher ? slowLookMs : lookWithoutWatchMs)
  return {
    wake,
    async changed() {
      if (!changed)
        await new Promise<void>(resolve => {
          heard = resolve
        })
      heard = undefined
      changed = false
    },
    close() {
      clearInterval(timer)
      watcher?.close()
    },
  }
}

/** Undefined where the system has no watches left to give. */
function watched(folder: string, changed: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, changed)
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return undefined
  }
}
