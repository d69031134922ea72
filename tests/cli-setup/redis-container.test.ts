import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { startRedisContainer } from '../../cli/setup/redis/container.ts'
import { connectEngine } from '../../worker/sandbox/docker/engine.ts'

test('a Valkey container keeps its data from one run to the next, never evicts, and is gone afterwards', { timeout: 600_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'assay-valkey-'))
  const volume = `assay-redis-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`
  const engine = connectEngine({ dockerHost: process.env.DOCKER_HOST })
  const containers = async () =>
    (await engine.docker.listContainers({ all: true, filters: JSON.stringify({ label: [`assay.redis=${volume}`] }) })).length
  onTestFinished(async () => {
    rmSync(dataDir, { recursive: true })
    await engine.docker.getVolume(volume).remove()
  })

  {
    await using first = await startRedisContainer({ dataDir, log: () => {} })
    const redis = new Redis(first.url)
    await redis.set('assay:kept', 'yes')
    expect(await redis.config('GET', 'maxmemory-policy')).toContain('noeviction')
    expect(await containers()).toBe(1)
    redis.disconnect()
  }
  {
    await using second = await startRedisContainer({ dataDir, log: () => {} })
    const redis = new Redis(second.url)
    expect(await redis.get('assay:kept')).toBe('yes')
    redis.disconnect()
  }
  await expect.poll(containers, { timeout: 20_000 }).toBe(0)
})
