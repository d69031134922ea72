import { beforeAll, describe, expect, test } from 'vitest'
import { RUNTIMES } from '../../core/runtimes.ts'
import { AgentClient } from '../../worker/pod/agent-client.ts'
import type { Box, SandboxRuntime } from '../../worker/sandbox/sandbox.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { boxSpec } from './open-program.ts'

/*
 * A program that waits in its box is known to be there or to be dead, serves the first start only, and is beyond the learner's reach.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const sandbox = openDockerSandbox()
const { runtimes } = await sandbox.facts()

/** Says which processes of Node or ours there are beside it, and how it came to be. */
const SERVER = `
const fs = require('fs')
const others = fs.readdirSync('/proc').filter(name => /^[0-9]+$/.test(name) && name != process.pid).map(pid => fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8').split('\\0').slice(0, -1))
console.log('BESIDE ' + JSON.stringify(others.filter(([program]) => /node|agent/.test(program))))
console.log(fs.readFileSync('/proc/self/cmdline', 'utf8').includes('waiting') ? 'WAITED' : 'COLD')
require('http').createServer((request, response) => response.end()).listen(process.env.PORT)`
const AGENT = ['/opt/agent']

describe.each(['runc', 'runsc'] as const)('on %s', runtime => {
  describe.skipIf(!runtimes.includes(runtime))('', () => {
    test('a living one is running, serves the first start, and no other comes after it', async () => {
      await using box = await openBox(runtime)
      const { agent, printed } = connect(box)
      expect(await agent.warm()).toBe(true)
      expect(await agent.check()).toEqual({ running: true, oomKills: 0 })
      expect(await agent.start({ 'server.js': SERVER })).toMatchObject({ listening: true })
      expect(await agent.warm()).toBe(false)
      await agent.stop()
      expect(await agent.warm()).toBe(false)
      expect(await agent.start({ 'server.js': SERVER })).toMatchObject({ listening: true })
      await agent.stop()
      expect(printed().match(/WAITED|COLD/g)).toEqual(['WAITED', 'COLD'])
      expect(printed().match(/BESIDE .*/g)).toEqual(Array(2).fill(`BESIDE ${JSON.stringify([AGENT])}`))
    })

    test.each([
      ['that ended while it waited', `printf '\\0'; exit 3`, true],
      ['that never came to wait', 'exit 3', false],
      ['that said something else', 'echo hello; exec sleep 1000', false],
    ])('one %s is told, and the start is a cold one', async (_, script, cameToWait) => {
      await using box = await openBox(runtime)
      const { agent, printed } = connect(box, ['sh', '-c', script])
      expect(await agent.warm()).toBe(cameToWait)
      if (!script.includes('sleep')) await expect.poll(() => agent.check()).toMatchObject({ running: false, code: 3 })
      expect(await agent.start({ 'server.js': SERVER })).toMatchObject({ listening: true })
      expect(await agent.check()).toMatchObject({ running: true })
      await agent.stop()
      expect(printed().match(/WAITED|COLD/g)).toEqual(['COLD'])
    })

    test('its wait is no part of the start, and what it laid is all there is', async () => {
      await using box = await openBox(runtime)
      const { agent, printed } = connect(box)
      await agent.warm()
      const began = performance.now()
      const started = await agent.start({ 'server.js': `${SERVER}; console.log('FOUND ' + fs.readdirSync('/work'))` })
      expect(started?.listening && started.afterMs).toBeLessThanOrEqual(performance.now() - began)
      await agent.stop()
      expect(printed()).toContain('FOUND server.js\n')
    })
  })
})

function openBox(runtime: SandboxRuntime): Promise<Box> {
  return sandbox.open(boxSpec({ runtime }), AbortSignal.timeout(60_000))
}

function connect(box: Box, command?: string[]) {
  let text = ''
  box.onStream((_, stream) => stream.on('data', (chunk: Buffer) => (text += chunk.toString())))
  const waiting = RUNTIMES.node.startWaiting!('server.js', ['express'])
  const agent = new AgentClient(box, {
    command: RUNTIMES.node.start('server.js'),
    waiting: command ? { ...waiting, command } : waiting,
    env: { PORT: '8080', HOME: '/work', PATH: '/usr/local/bin:/usr/bin:/bin' },
    port: 8080,
    peers: [],
  })
  return { agent, printed: () => text }
}
