import { beforeAll, expect, test } from 'vitest'
import { BOX_USER, LAST_BOX_USER, takeBoxUser } from '../../worker/sandbox/docker/box-users.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { openProgram } from './open-program.ts'

beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

test('no two boxes for learners are one user, until all users are taken', () => {
  const count = LAST_BOX_USER - BOX_USER
  const drawn = Array.from({ length: count }, () => takeBoxUser('subject'))
  expect(new Set(drawn.map(({ user }) => user)).size).toBe(count)
  expect(drawn.map(({ user }) => user)).not.toContain(BOX_USER)
  expect(takeBoxUser('subject').user).toBeGreaterThan(BOX_USER)
  drawn[7]!.release()
  expect(takeBoxUser('subject').user).toBe(drawn[7]!.user)
  for (const { release } of drawn) release()
})

test.each(['examiner', 'database'] as const)('the %s is always the first one, as its image is made', role => {
  expect(takeBoxUser(role).user).toBe(BOX_USER)
})

/** Takes inotify instances until there is none, and says how many there were; SYS_inotify_init1 as the machine numbers it. */
const TAKES_ALL = `
const { spawn } = require('node:child_process')
const number = process.arch === 'arm64' ? 26 : 294
spawn('perl', ['-e', '$| = 1; while (syscall(' + number + ', 0) >= 0) { $taken++ } print "$taken taken"; sleep'], { stdio: ['ignore', 'pipe', 'inherit'] })
  .stdout.on('data', text => { process.stdout.write(text); require('node:net').createServer().listen(process.env.PORT) })`

const WATCHES = `
require('node:fs').watch('/work').on('error', error => console.log(error.code))
console.log(require('node:os').userInfo().username.slice(0, 3))
require('node:net').createServer().listen(process.env.PORT)`

test('a box that takes all that the kernel gives one user takes nothing from another box', { timeout: 60_000 }, async () => {
  const sandbox = openDockerSandbox({})
  await using greedy = await openProgram(sandbox, TAKES_ALL)
  expect(greedy.printed()).toMatch(/^\d+ taken$/)
  await using other = await openProgram(sandbox, WATCHES)
  expect(other.started).toMatchObject({ listening: true })
  await other.agent.stop()
  expect(other.printed()).toBe('box\n')
})
