import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, test } from 'vitest'
import type { FileMap } from '../../core/submission.ts'
import { AgentClient } from '../../worker/pod/agent-client.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import type { SandboxRuntime } from '../../worker/sandbox/sandbox.ts'
import { boxSpec, openProgram } from './open-program.ts'

/*
 * What the box agent does for a program: what it starts with, what comes of its words and its connections, how its end is told.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const sandbox = openDockerSandbox()
const { runtimes } = await sandbox.facts()
const ENV = { ZEBRA: '1', PATH: '/usr/local/bin:/usr/bin:/bin', APPLE: 'a=b', EMPTY: '' }

/** Runs a command to its end. */
async function runCommand(runtime: SandboxRuntime, command: string[], files: FileMap = {}) {
  const box = await sandbox.open(boxSpec({ runtime }), AbortSignal.timeout(60_000))
  const said = { out: '', err: '' }
  box.onStream((name, stream) => stream.on('data', (chunk: Buffer) => (said[name as 'out' | 'err'] += chunk.toString('utf8'))))
  const agent = new AgentClient(box, { command, env: ENV, port: 3000, peers: [] })
  const result = await agent.start(files)
  await box[Symbol.asyncDispose]()
  return { ...said, exit: result && !result.listening ? result.exit : undefined }
}

describe.each(['runc', 'runsc'] as const)('on %s', runtime => {
  describe.skipIf(!runtimes.includes(runtime))('', () => {
    test('a program starts with its own variables in their order, in a session of its own, with three descriptors and no signal held back', async () => {
      const look = `
        use POSIX ();
        opendir my $list, '/proc/self/fd'; my $own = fileno $list // 3;
        my %to = map { $_ => readlink("/proc/self/fd/$_") =~ s/:.*//r } grep { /^[012]$/ || ($_ > 2 && readlink("/proc/self/fd/$_") !~ m{/main.pl$|/proc/}) } grep { /^[0-9]+$/ } readdir $list;
        print join(' ', map { "$_=$to{$_}" } sort keys %to), "\\n";
        open my $environ, '<', '/proc/self/environ'; local $/; print <$environ> =~ tr/\\0/\\n/r;
        print POSIX::getpgrp() == $$ ? "leads\\n" : "follows\\n";
        open my $status, '<', '/proc/self/status'; my $told = <$status>;
        print join(' ', $told =~ /Sig(?:Blk|Ign):\\s*([0-9a-f]+)/g), "\\n";
        print POSIX::getcwd(), ' ', sprintf('%o', umask), "\\n"`
      const { out } = await runCommand(runtime, ['perl', 'main.pl'], { 'main.pl': look })
      const [descriptors, ...rest] = out.split('\n')
      expect(descriptors).toBe('0=/dev/null 1=socket 2=socket')
      const signals = rest.splice(5, 1)
      expect(rest).toEqual(['ZEBRA=1', `PATH=${ENV.PATH}`, 'APPLE=a=b', 'EMPTY=', 'leads', '/work 22', ''])
      // gVisor shows none. Perl itself ignores SIGFPE.
      expect(signals[0]).toMatch(/^(0{16} 0{14}80)?$/)
    })

    test('its files are what was handed in', async () => {
      const large = randomBytes(3_000_000).toString('base64')
      const files = { 'a/b/c d/ä€😀.txt': '"\\\u0000\u2028\n', 'large.txt': large, empty: '', 'z.txt': 'z', 'b.txt': 'b' }
      const { out } = await runCommand(runtime, ['sh', '-c', 'find . -type f -exec sha256sum {} +'], files)
      const sums = Object.entries(files).map(([path, content]) => `${createHash('sha256').update(content).digest('hex')}  ./${path}`)
      expect(out.trim().split('\n').sort()).toEqual(sums.sort())
    })

    test('its last words come before the news of its end, also where a child holds its output', async () => {
      const { out, err, exit } = await runCommand(runtime, [
        'perl',
        '-e',
        `$| = 1; print 'x' x 100_000; print STDERR 'y' x 100_000; fork or sleep 1000; exit 3`,
      ])
      expect([out.length, err.length]).toEqual([100_000, 100_000])
      expect(exit).toMatchObject({ code: 3, signal: null, oomKills: 0 })
    })

    test.each([
      ['that is not there', ['nothing-like-it'], { code: -2, signal: null }, 'no such file'],
      ['that may not be run', ['/work'], { code: -13, signal: null }, 'permission denied'],
      ['that ends by a signal', ['sh', '-c', 'kill -QUIT $$'], { code: null, signal: 'SIGQUIT' }, ''],
    ])('a command %s is told', async (_, command, exit, words) => {
      const ran = await runCommand(runtime, command)
      expect(ran.exit).toMatchObject(exit)
      expect(ran.err).toContain(words)
    })

    test('one end of a connection may be done before the other', async () => {
      const program = `
        require('net').createServer({ allowHalfOpen: true }, socket => {
          let heard = ''
          socket.end('first')
          socket.on('data', chunk => (heard += chunk)).on('end', () => console.log('HEARD ' + heard))
        }).listen(process.env.PORT)`
      await using running = await openProgram(sandbox, program, { spec: boxSpec({ runtime }) })
      const stream = running.box.open('main')
      expect(await text(stream)).toBe('first')
      stream.end('afterwards')
      await expect.poll(() => running.printed(), { timeout: 30_000 }).toContain('HEARD afterwards')
    })

    test('a connection that breaks breaks its stream, and the other way round', async () => {
      const program = `
        require('net').createServer(socket => {
          socket.on('close', () => console.log('CLOSED')).on('error', () => {})
          socket.on('data', chunk => String(chunk) === 'break' ? socket.resetAndDestroy() : socket.write('heard'))
        }).listen(process.env.PORT)`
      await using running = await openProgram(sandbox, program, { spec: boxSpec({ runtime }) })
      const broken = running.box.open('main')
      const closed = new Promise(resolve => broken.once('close', resolve))
      broken.write('break')
      await closed
      expect(broken.readableEnded).toBe(false)
      const stream = running.box.open('main')
      stream.write('hello')
      await once(stream, 'data')
      stream.destroy()
      await expect.poll(() => running.printed().match(/CLOSED/g), { timeout: 30_000 }).toHaveLength(2)
    })

    const onGvisor = runtime === 'runsc' ? ': gVisor’s own threads are counted, too, and the whole box ends' : ''
    test.skipIf(onGvisor !== '')(`a program that takes every process of its box is stopped, and started again${onGvisor}`, async () => {
      const bomb = `
        const { spawn } = require('child_process')
        let failed = 0
        const more = () => spawn('sleep', ['1000']).on('error', () => ++failed === 1 && require('net').createServer().listen(process.env.PORT)).on('spawn', more)
        more()`
      await using running = await openProgram(sandbox, bomb, { spec: boxSpec({ runtime }) })
      expect(running.started).toMatchObject({ listening: true })
      await running.agent.stop()
      expect(await running.startAgain()).toMatchObject({ listening: true })
      expect(await running.agent.check()).toMatchObject({ running: true })
    })
  })
})
