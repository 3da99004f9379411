import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

export default defineConfig({
  test: {
    ...base.test,
    include: ['test/**/*.soak.ts'],
    fileParallelism: false,
    testTimeout: 3_600_000,
  },
})
