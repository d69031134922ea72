import { describe, expect, test } from 'vitest'
import { InvalidInput } from '../../../core/errors.ts'
import { serverConfig } from '../../../server/config.ts'

const needed = { REDIS_URL: 'redis://127.0.0.1:6379', ASSAY_WORKER_TOKEN: 'a-secret-of-sixteen' }

describe("the server's settings", () => {
  test('have their defaults, and an empty one is one that is not set', () => {
    expect(serverConfig({ ...needed, PORT: '', ASSAY_STORE_URL: '' })).toMatchObject({
      host: '127.0.0.1',
      port: 4180,
      storeUrl: expect.stringMatching(/^sqlite:\/.*\/data\/assay\.sqlite$/) as string,
      maxWaiting: 10_000,
      minFreeDiskBytes: 512 * 1024 ** 2,
      retentionDays: 365,
      trustedProxies: [],
    })
  })

  test('are read from the environment and can not be changed afterwards', () => {
    const config = serverConfig({
      ...needed,
      ASSAY_DATA: '/srv/assay',
      ASSAY_TRUSTED_PROXIES: '10.0.0.1, 10.1.0.0/16',
      ASSAY_MIN_FREE_DISK: '2g',
    })
    expect(config).toMatchObject({
      storeUrl: 'sqlite:/srv/assay/assay.sqlite',
      trustedProxies: ['10.0.0.1', '10.1.0.0/16'],
      minFreeDiskBytes: 2 * 1024 ** 3,
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  test.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['ASSAY_STORE_URL', 'mysql://x'],
    ['ASSAY_MAX_WAITING', '-1'],
    ['ASSAY_MIN_FREE_DISK', 'lots'],
    ['ASSAY_RETENTION_DAYS', '0'],
    ['ASSAY_LOG_LEVEL', 'loud'],
    ['ASSAY_TRUSTED_PROXIES', 'my-proxy'],
    ['ASSAY_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['ASSAY_WORKER_TOKEN', 'short'],
    ['REDIS_URL', ''],
  ])('%s=%s is named, secrets without their value', (name, value) => {
    const read = () => serverConfig({ ...needed, [name]: value })
    expect(read).toThrow(InvalidInput)
    expect(read).toThrow(`"${name}" in environment`)
    if (name === 'ASSAY_WORKER_TOKEN') expect(read).not.toThrow(value)
  })
})
