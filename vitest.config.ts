import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: 'test/support/global-setup.ts',
    // Processes: tests change signals, children and native addons.
    pool: 'forks',
    // A process takes one file after the other: to load the application anew for each costs a fifth of all the time.
    isolate: false,
    // What a test changes for itself is not there for the next one.
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    // One more than the smallest machine has processors: much of the time is waiting for browsers and servers.
    maxWorkers: 3,
    // Only what hangs fails by these, on a busy machine too.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What a page shows comes when it comes; a second is too short on a busy machine.
    expect: { poll: { timeout: 15_000 } },
  },
})
