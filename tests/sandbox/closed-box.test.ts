import { beforeAll, expect, test } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { openProgram } from './open-program.ts'

/*
 * A learner's program runs as the user of its box's agent, and still can't look into it, write to its line, or open its inspector.
 * And no file that it sees is one that another box sees, too.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const PROGRAM = `
  const fs = require('fs'), net = require('net')
  const attempt = act => { try { act(); return 'open' } catch (error) { return error.code } }
  const told = {}
  for (const pid of fs.readdirSync('/proc').filter(name => /^[0-9]+$/.test(name) && name != process.pid)) {
    told[fs.readFileSync('/proc/' + pid + '/comm', 'utf8').trim()] = ['mem', 'environ', 'fd/0', 'fd/1'].map(file => attempt(() => fs.closeSync(fs.openSync('/proc/' + pid + '/' + file, fs.constants.O_RDWR | fs.constants.O_NONBLOCK))))
    try { process.kill(pid, 'SIGUSR1') } catch {}
  }
  const mounted = fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\\n').filter(line => / - (ext|xfs|btrfs)/.test(line)).map(line => line.split(' ')[4])
  setTimeout(() => net.connect(9229, '127.0.0.1').on('connect', () => done('open')).on('error', error => done(error.code)), 300)
  const done = inspector => { console.log('TOLD ' + JSON.stringify({ told, inspector, mounted, preload: process.env.LD_PRELOAD })); net.createServer().listen(process.env.PORT) }`

test('nobody in a box looks into its agent or its init, and none of its files is another box’s', { timeout: 30_000 }, async () => {
  await using running = await openProgram(openDockerSandbox(), PROGRAM)
  expect(running.started).toMatchObject({ listening: true })
  await running.agent.stop()
  const closed = ['EACCES', 'EACCES', 'EACCES', 'EACCES']
  const { told, inspector, mounted, preload } = JSON.parse(/TOLD (.*)/.exec(running.printed())![1]!)
  expect(Object.values(told)).toEqual([closed, closed])
  expect({ inspector, preload }).toEqual({ inspector: 'ECONNREFUSED', preload: undefined })
  // These the engine makes anew for each box.
  expect(mounted.filter((path: string) => !/^\/etc\/(hostname|hosts|resolv\.conf)$/.test(path))).toEqual([])
})
