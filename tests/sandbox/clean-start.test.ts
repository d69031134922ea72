import { beforeAll, describe, expect, test } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { boxSpec, openProgram } from './open-program.ts'

/*
 * Every start finds the box as the first one did: a program tells what it finds, leaves something behind, and is started again.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const sandbox = openDockerSandbox()
const { runtimes } = await sandbox.facts()

const FIND = `
  const { execFileSync } = require('child_process'), fs = require('fs')
  const shared = ['shm', 'sem', 'msg'].flatMap(kind => { try { return fs.readFileSync('/proc/sysvipc/' + kind, 'utf8').trim().split('\\n').slice(1) } catch { return [] } })
  // A key that is there already gives its number, without making it.
  const old = execFileSync('perl', ['-MPOSIX', '-e', 'print syscall((POSIX::uname())[4] eq "aarch64" ? 194 : 29, 77, 4096, 0600) >= 0 ? 1 : 0']).toString()
  // getxattr, or setxattr, of /tmp: whether it worked.
  const mark = (x64, arm64) => execFileSync('perl', ['-e', 'my ($path, $name, $value) = ("/tmp", "user.note", "note"); print syscall($ARGV[0], $path, $name, $value, 4, 0) >= 0 ? 1 : 0', String(process.arch === 'x64' ? x64 : arm64)]).toString()
  console.log('FOUND ' + JSON.stringify([
    ...['/work', '/tmp', '/dev/shm'].flatMap(folder => [folder + (fs.statSync(folder).mode & 0o7777).toString(8), ...(fs.statSync(folder).atimeMs > Date.now() + 1000 ? ['late'] : []), ...fs.readdirSync(folder)]),
    ...shared, old, mark(191, 8),
  ]))`

const LEAVE: Record<string, string> = {
  files: `fs.writeFileSync('/tmp/a', ''); fs.writeFileSync('/dev/shm/b', ''); fs.writeFileSync('c', '')`,
  'names that are no text': `fs.writeFileSync(Buffer.from([...Buffer.from('/tmp/'), 0xff, 10, 0xfe]), '')`,
  'locked folders': `fs.mkdirSync('/tmp/a/b', { recursive: true }); fs.writeFileSync('/tmp/a/b/c', ''); fs.chmodSync('/tmp/a/b', 0); fs.chmodSync('/tmp/a', 0)`,
  'its own folders locked': `fs.writeFileSync('/tmp/a', ''); fs.chmodSync('/tmp', 0o311); fs.chmodSync('/work', 0o100)`,
  'a tree deeper than a path is long': `process.chdir('/tmp'); for (let i = 0; i < 40; i++) { fs.mkdirSync('d'.repeat(200)); process.chdir('d'.repeat(200)) } process.chdir('/work')`,
  'a time of its own on a folder': `fs.utimesSync('/tmp', new Date('2040-01-01'), new Date())`,
  'a mark on a folder': `mark(188, 5)`,
  'shared memory': `execFileSync('perl', ['-MPOSIX', '-e', 'syscall((POSIX::uname())[4] eq "aarch64" ? 194 : 29, 77, 4096, 0600 | 01000)'])`,
}

describe.each(['runc', 'runsc'] as const)('on %s', runtime => {
  // gVisor keeps no list of shared memory, so nobody can tell what to remove.
  const left = Object.entries(LEAVE).filter(([what]) => runtime === 'runc' || what !== 'shared memory')
  test.skipIf(!runtimes.includes(runtime)).each(left)('%s', { timeout: 60_000 }, async (_, leave) => {
    const program = `${FIND}; ${leave}; require('http').createServer().listen(process.env.PORT)`
    await using running = await openProgram(sandbox, program, { spec: boxSpec({ runtime }) })
    expect(running.started).toMatchObject({ listening: true })
    await running.agent.stop()
    expect(await running.startAgain()).toMatchObject({ listening: true })
    await running.agent.stop()
    const [first, second] = running.printed().match(/FOUND .*/g) ?? []
    expect(second).toBe(first)
  })
})
