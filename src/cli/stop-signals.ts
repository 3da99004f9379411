/** Ctrl+C under npm arrives twice: from the terminal, and passed on by npm. */
const echoMs = 500

/** Resolves at the first SIGTERM or SIGINT. A later one ends the process at once. */
export function stopAsked(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    let askedAt: number | undefined
    const ask = (signal: NodeJS.Signals) => {
      if (askedAt !== undefined && performance.now() - askedAt > echoMs) process.exit(1)
      askedAt ??= performance.now()
      resolve(signal)
    }
    process.on('SIGTERM', ask)
    process.on('SIGINT', ask)
  })
}
