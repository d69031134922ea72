import { defineConfig } from 'vitest/config'

/*
 * Tests run against real Redis servers, engines and boxes, on machines that may have two busy cores: a few files at a
 * time, and limits that only a hang reaches.
 */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'tests/**/fixtures/**', 'tests/attacks/exercises/**', 'tests/attacks/**/submission/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
})
