import { once } from 'node:events'
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { spawnTied, type TiedChild } from '../../cli/setup/tied-child.ts'
import { tempFolder } from './temp-folder.ts'

/** A real Redis of the test's own, on a Unix socket, that can be ended and started again: `await using redis = await TestRedis.start()`. */
export class TestRedis implements AsyncDisposable {
  readonly #folder = tempFolder()
  readonly #settings: Record<string, string>
  #server: TiedChild | undefined

  private constructor(settings: Record<string, string>) {
    this.#settings = settings
  }

  /** `settings` as redis.conf has them. */
  static async start(settings: Record<string, string> = {}): Promise<TestRedis> {
    const redis = new TestRedis(settings)
    await redis.start()
    return redis
  }

  /** What REDIS_URL would be. */
  get url(): string {
    return join(this.#folder.path, 'redis.sock')
  }

  async start(): Promise<void> {
    const data = join(this.#folder.path, 'data')
    mkdirSync(data, { recursive: true })
    chmodSync(this.#folder.path, 0o700)
    const settings = { port: '0', unixsocket: this.url, dir: data, appendonly: 'yes', save: '', ...this.#settings }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
    this.#server = spawnTied('redis-server', args, { output: 'pipe' })
    const lines = createInterface({ input: this.#server.process.stdout! })
    const ready = Promise.withResolvers<void>()
    const said: string[] = []
    lines.on('line', line => {
      said.push(line)
      if (line.includes('ready to accept connections') || line.includes('Ready to accept connections')) ready.resolve()
    })
    this.#server.process.once('exit', () => ready.reject(new Error(`redis-server ended:\n${said.join('\n')}`)))
    await ready.promise
  }

  /** Ends the server; its data stay for the next start. */
  async stop(): Promise<void> {
    await this.#server?.stop()
    this.#server = undefined
  }

  /** Asks it something on a connection of its own. */
  async ask<Answer>(question: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    const redis = new Redis(this.url, { retryStrategy: () => null })
    try {
      await once(redis, 'ready')
      return await question(redis)
    } finally {
      redis.disconnect()
    }
  }

  /** Its process, to be stopped and continued. */
  async pid(): Promise<number> {
    const info = await this.ask(redis => redis.info('server'))
    return Number(/process_id:(\d+)/.exec(info)![1])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    this.#folder[Symbol.dispose]()
  }
}
