interface SingleFlight {
  (): Promise<void>
  /** The end of what is under way, if anything is. */
  inFlight(): Promise<void>
}

/** Called again while it is under way, it gives the promise of that. */
export function singleFlight(work: () => Promise<void>): SingleFlight {
  let current: Promise<void> | undefined
  const start = () => {
    current ??= work().finally(() => {
      current = undefined
    })
    return current
  }
  return Object.assign(start, { inFlight: async () => current })
}
