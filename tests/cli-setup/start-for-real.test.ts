import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isRunning } from '../../cli/setup/process-identity.ts'
import { TestProcess } from '../support/process.ts'
import { freePort } from '../../cli/demo/free-port.ts'

/*
 * `npm start` as a person runs it, on a scratch data folder and a free port: the tests below follow one another.
 */
const ROOT = resolve(import.meta.dirname, '../..')
const BOOT = join(ROOT, 'cli/boot.mjs')
let dataDir: string
let port: number
const started: TestProcess[] = []

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'assay-start-'))
  port = await freePort()
})
afterAll(async () => {
  for (const run of started) await run.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

/** Starts, and resolves once the command to paste has been shown. */
async function start(): Promise<{ run: TestProcess; command: string; words: string }> {
  const settings = { PORT: String(port), ASSAY_DATA: dataDir, ASSAY_LOG_LEVEL: 'warn', DOCKER_HOST: process.env.DOCKER_HOST ?? '' }
  const run = new TestProcess(BOOT, settings, ['start'])
  started.push(run)
  const command = await run.printed(/npx assay submit/)
  return { run, command, words: run.lines.join('\n') }
}

const redisOwner = () =>
  JSON.parse(readFileSync(join(dataDir, 'redis/owner.json'), 'utf8')) as { server: { pid: number; startedAt: string } }

test('the first start shows tokens and a command, which when pasted is graded; SIGTERM ends everything with 0', async () => {
  const { run, words, command } = await start()
  expect(words).toMatch(/admin +asy_\w+/)
  expect(words).toMatch(/staff +asy_\w+/)
  expect(words).toContain('✓ Redis: ')
  const pasted = spawn('sh', ['-c', command.replace('npx assay', `"${process.execPath}" "${BOOT}"`)], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let report = ''
  pasted.stdout.setEncoding('utf8').on('data', (text: string) => (report += text))
  expect((await once(pasted, 'close'))[0]).toBe(0)
  expect(report).toContain('Accepted')
  const { server } = redisOwner()
  expect(await run.kill('SIGTERM')).toBe(0)
  expect([isRunning(server), existsSync(join(dataDir, 'redis/redis.sock')), await answers()]).toEqual([false, false, false])
})

test('the next start shows no tokens; killed -9 it takes everything along', async () => {
  const { run, words } = await start()
  expect(words).not.toContain('asy_')
  const { server } = redisOwner()
  await run.kill('SIGKILL')
  await expect.poll(() => isRunning(server), { timeout: 60_000 }).toBe(false)
  await expect.poll(answers, { timeout: 60_000 }).toBe(false)
})

test('a start right after that finds its way past what was left', async () => {
  const { run } = await start()
  expect(await answers()).toBe(true)
  expect(await run.kill('SIGINT')).toBe(0)
})

function answers(): Promise<boolean> {
  return new Promise(done => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.on('error', () => done(false))
  })
}
