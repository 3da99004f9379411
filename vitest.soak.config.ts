import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

export default defineConfig({
  test: {
    ...base.test,
    include: ['test/**/*.soak.ts', 'test/jobs/database-rotation-crashes.test.ts'],
    env: { EVERY_POINT: '1' },
    fileParallelism: false,
    testTimeout: 3_600_000,
  },
})
