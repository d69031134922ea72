import { RUNTIMES } from '../core/runtimes.ts'
import { AgentClient } from '../worker/pod/agent-client.ts'
import { openDockerSandbox } from '../worker/sandbox/docker/docker-sandbox.ts'
import type { Box, SandboxRuntime } from '../worker/sandbox/sandbox.ts'
import { boxSpec } from './sandbox/open-program.ts'

/*
 * `node cli/boot.mjs exec tests/measure-warm-start.ts [runc|runsc]`: from the word to start until a small Express server listens and has
 * answered, in boxes that are there already, from a plain start and from a program that waits, one after the other so that both
 * meet the same load. Median, quartiles and least, in milliseconds.
 */
const ROUNDS = 20
const STARTS = ['plain', 'waiting'] as const
const SERVER = `
import express from 'express'
express().use(express.json()).get('/', (request, response) => response.json({ ok: true })).listen(process.env.PORT, process.env.HOST)`
const FILES = { 'package.json': '{"type":"module"}', 'server.js': SERVER }

const runtime: SandboxRuntime = process.argv[2] === 'runsc' ? 'runsc' : 'runc'
const sandbox = openDockerSandbox()
const figures: Record<string, number[]> = {}

for (let round = 0; round < ROUNDS; round++)
  for (const start of STARTS) {
    await using box = await sandbox.open(boxSpec({ runtime }), AbortSignal.timeout(60_000))
    box.onStream((_, stream) => stream.resume())
    const agent = new AgentClient(box, {
      command: RUNTIMES.node.start('server.js'),
      waiting: RUNTIMES.node.startWaiting!('server.js', ['express']),
      env: { PORT: '8080', HOST: '127.0.0.1', NODE_ENV: 'production', PATH: '/usr/local/bin:/usr/bin:/bin' },
      port: 8080,
      peers: [],
    })
    if (start === 'waiting' && !(await agent.warm())) throw new Error('no program came to wait')
    await agent.check()
    const began = performance.now()
    await agent.start(FILES)
    note(`${start}: listens`, performance.now() - began)
    await answerOf(box)
    note(`${start}: has answered`, performance.now() - began)
  }

for (const [what, times] of Object.entries(figures)) {
  const [least, lower, median, upper] = [0, 0.25, 0.5, 0.75].map(
    part => times.toSorted((one, other) => one - other)[Math.floor(part * times.length)]!,
  )
  process.stdout.write(
    `${what.padEnd(24)} ${median!.toFixed(1)} ms (${lower!.toFixed(1)} to ${upper!.toFixed(1)}, least ${least!.toFixed(1)})\n`,
  )
}

function note(what: string, ms: number): void {
  ;(figures[what] ??= []).push(ms)
}

async function answerOf(box: Box): Promise<void> {
  const stream = box.open('main')
  stream.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
  let answer = ''
  for await (const chunk of stream) answer += String(chunk)
  if (!answer.endsWith('{"ok":true}')) throw new Error(answer)
}
