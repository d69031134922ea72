import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync, existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { provideRedis, startRedis } from '../../cli/setup/redis/redis.ts'

let dataDir: string
const said: string[] = []
const log = (line: string) => said.push(line)

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'assay-redis-'))
  said.length = 0
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

async function ask<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { retryStrategy: () => null })
  try {
    return await question(redis)
  } finally {
    redis.disconnect()
  }
}

describe('a Redis of our own', () => {
  test('keeps its data, never evicts and has no TCP port', async () => {
    await using redis = await startRedis({ dataDir, log })
    const settings = await ask(redis.url, redis => redis.config('GET', 'appendonly', 'maxmemory-policy', 'port'))
    expect(settings).toEqual(expect.arrayContaining(['appendonly', 'yes', 'maxmemory-policy', 'noeviction', 'port', '0']))
    expect(statSync(redis.url).mode & 0o077).toBe(0)
    expect(redis.why).toContain('REDIS_URL is not set')
  })

  test('remembers what was written before it was ended', async () => {
    {
      await using first = await startRedis({ dataDir, log })
      await ask(first.url, redis => redis.set('assay:kept', 'yes'))
    }
    await using second = await startRedis({ dataDir, log })
    expect(await ask(second.url, redis => redis.get('assay:kept'))).toBe('yes')
  })

  test('starts over the socket and record that a killed server left behind', async () => {
    const first = await startRedis({ dataDir, log })
    const { server } = JSON.parse(readFileSync(join(dataDir, 'redis', 'owner.json'), 'utf8')) as { server: { pid: number } }
    process.kill(server.pid, 'SIGKILL')
    await first[Symbol.asyncDispose]()
    expect(existsSync(first.url)).toBe(true)
    await using second = await startRedis({ dataDir, log })
    expect(await ask(second.url, redis => redis.ping())).toBe('PONG')
    expect(said).toContain('removing the socket of an earlier run')
  })

  test('refuses a data folder whose Redis belongs to a running command', async () => {
    await using _first = await startRedis({ dataDir, log })
    await expect(startRedis({ dataDir, log })).rejects.toMatchObject({ code: 'REDIS_IN_USE' })
  })

  test('puts unreadable files aside and starts', async () => {
    {
      await using first = await startRedis({ dataDir, log })
      await ask(first.url, redis => redis.set('assay:x', '1'))
    }
    const folder = join(dataDir, 'redis', 'appendonlydir')
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'not what Redis wrote\n')
    await using second = await startRedis({ dataDir, log })
    expect(await ask(second.url, redis => redis.ping())).toBe('PONG')
    expect(said.join('\n')).toContain('put aside')
  })

  test('ends with its parent, even when that is killed -9', async () => {
    const parent = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/redis-parent.ts'), dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [started] = (await once(parent.stdout, 'data')) as [Buffer]
    const url = started.toString().trim()
    const watcher = new Redis(url, { retryStrategy: () => null })
    await watcher.ping()
    const closed = once(watcher, 'end')
    parent.kill('SIGKILL')
    await closed
    await using again = await startRedis({ dataDir, log })
    expect(await ask(again.url, redis => redis.ping())).toBe('PONG')
  })

  test('works in a data folder too deep for a socket address', async () => {
    const deep = join(dataDir, 'a'.repeat(60), 'b'.repeat(60))
    await using redis = await startRedis({ dataDir: deep, log })
    expect(redis.url.length).toBeLessThan(108)
    expect(existsSync(join(deep, 'redis', 'owner.json'))).toBe(true)
    expect(JSON.parse(readFileSync(join(deep, 'redis', 'owner.json'), 'utf8'))).toMatchObject({ owner: { pid: process.pid } })
    await redis[Symbol.asyncDispose]()
    expect(existsSync(dirname(redis.url))).toBe(false)
  })
})

describe('a Redis that was given', () => {
  test('is used and named as such', async () => {
    await using own = await startRedis({ dataDir, log })
    await using given = await provideRedis({ redisUrl: own.url, dataDir }, log)
    expect(given).toMatchObject({ url: own.url, why: expect.stringContaining('REDIS_URL') as string })
  })

  test('is refused when it may evict', async () => {
    await using own = await startRedis({ dataDir, log })
    await ask(own.url, redis => redis.config('SET', 'maxmemory-policy', 'allkeys-lru'))
    await expect(provideRedis({ redisUrl: own.url, dataDir }, log)).rejects.toMatchObject({ code: 'REDIS_UNFIT' })
  })

  test('is refused when it does not answer', async () => {
    await expect(provideRedis({ redisUrl: join(dataDir, 'nothing.sock'), dataDir }, log)).rejects.toMatchObject({ code: 'REDIS_AWAY' })
  })
})
