import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { withoutRuntime, withRuntime, writeDaemonConfig } from '../../cli/setup/engine/daemon-config.ts'
import { addRuntime, configFileOf, removeRuntime } from '../../cli/setup/engine/runtimes.ts'
import { findProgram } from '../../cli/setup/find-program.ts'
import { provideGVisor } from '../../cli/setup/gvisor.ts'
import { connectEngine, DEFAULT_ENGINE, engineFacts, runtimesOf } from '../../worker/sandbox/docker/engine.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'assay-gvisor-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ENTRY = { path: '/usr/local/bin/runsc', runtimeArgs: ['--platform=systrap'] }

describe('the engine’s daemon.json', () => {
  test.each([
    ['no file', undefined, {}],
    ['an empty file', ' \n', {}],
    ['other settings', '{"log-level":"warn","hosts":["unix:///x"]}', { 'log-level': 'warn', hosts: ['unix:///x'] }],
    ['other runtimes', '{"runtimes":{"kata":{"runtimeType":"io.containerd.kata.v2"}}}', {}],
    ['an older entry', '{"runtimes":{"runsc":{"path":"/old"}},"debug":true}', { debug: true }],
  ])('gets a runtime and keeps everything else: %s', (_, text, kept) => {
    const before = text?.trim() ? (JSON.parse(text) as { runtimes?: object }) : {}
    expect(JSON.parse(withRuntime(text, 'runsc', ENTRY))).toEqual({ ...kept, runtimes: { ...before.runtimes, runsc: ENTRY } })
  })

  test.each(['{"runtimes":', '[]', '"text"', '{"runtimes":[]}'])('that is not what we expect is refused: %s', text => {
    expect(() => withRuntime(text, 'runsc', ENTRY)).toThrow(/daemon\.json is not what we expect/)
  })

  test('loses the runtime again, and no trace of it stays', () => {
    const before = '{"debug":true}'
    const { reloaded, kept } = withoutRuntime(withRuntime(before, 'runsc', ENTRY), 'runsc')
    expect([JSON.parse(reloaded), JSON.parse(kept)]).toEqual([{ debug: true, runtimes: {} }, { debug: true }])
    const others = '{"runtimes":{"kata":{"path":"/kata"}}}'
    expect(JSON.parse(withoutRuntime(withRuntime(others, 'runsc', ENTRY), 'runsc').kept)).toEqual(JSON.parse(others))
  })

  test('is replaced whole, with its mode, where a link points to', () => {
    const [file, link] = [join(folder, 'real.json'), join(folder, 'daemon.json')]
    writeFileSync(file, '{}', { mode: 0o600 })
    symlinkSync(file, link)
    const inode = statSync(file).ino
    writeDaemonConfig(link, '{"debug":true}')
    expect(readFileSync(file, 'utf8')).toBe('{"debug":true}')
    expect([lstatSync(link).isSymbolicLink(), statSync(file).mode & 0o777, statSync(file).ino !== inode]).toEqual([true, 0o600, true])
  })
})

const program = findProgram('dockerd')
const cannot = process.getuid?.() !== 0 ? 'only root can start an engine' : program ? undefined : 'dockerd is not installed'

describe.skipIf(cannot)(`an engine that runs${cannot ? ` (skipped: ${cannot})` : ''}`, () => {
  test('takes up a runtime while it runs, and forgets it again', async () => {
    const engine = await startEngine('{"debug":false}')
    expect(configFileOf(engine.pid)).toBe(engine.config)
    await addRuntime(engine, 'runsc', ENTRY)
    expect(await runtimes(engine.host)).toContain('runsc')
    expect(JSON.parse(readFileSync(engine.config, 'utf8'))).toEqual({ debug: false, runtimes: { runsc: ENTRY } })
    const more = { ...ENTRY, runtimeArgs: [...ENTRY.runtimeArgs, '--network=none'] }
    await addRuntime(engine, 'runsc', more)
    expect((await runtimesOf(connectEngine({ dockerHost: engine.host })))['runsc']).toEqual(more)
    expect(await removeRuntime(engine, 'runsc')).toBe(true)
    expect(await runtimes(engine.host)).not.toContain('runsc')
    expect(JSON.parse(readFileSync(engine.config, 'utf8'))).toEqual({ debug: false })
    expect(await removeRuntime(engine, 'runsc')).toBe(false)
  })

  test('that does not take it up keeps its file as it was, and it is said', async () => {
    const engine = await startEngine('{}', ['--debug'])
    // What stands on the command line may not stand in the file too: the engine refuses to read it.
    writeFileSync(engine.config, '{"debug":false}')
    await expect(addRuntime(engine, 'runsc', ENTRY, 1000)).rejects.toMatchObject({ code: 'ENGINE_RELOAD' })
    expect(readFileSync(engine.config, 'utf8')).toBe('{"debug":false}')
    expect(await runtimes(engine.host)).not.toContain('runsc')
  })

  test('that is not the machine’s own is not changed, and it is said', async () => {
    const engine = await startEngine('{}')
    expect(await provideGVisor({ dockerHost: engine.host, log: () => {} })).toEqual({
      available: false,
      reason: expect.stringMatching(/is not this machine's own .*docs\/operators\/engine\.md/),
    })
    expect(readFileSync(engine.config, 'utf8')).toBe('{}')
  })
})

const hasGVisor = await runtimes(DEFAULT_ENGINE).then(
  names => names.includes('runsc'),
  () => false,
)

test.skipIf(!hasGVisor)(
  `where it is there already nothing is changed${hasGVisor ? '' : ' (skipped: the engine has no runtime "runsc")'}`,
  async () => {
    const said: string[] = []
    expect(await provideGVisor({ dockerHost: DEFAULT_ENGINE, log: line => said.push(line) })).toEqual({ available: true, changed: [] })
    expect(said.filter(line => /fetching|naming/.test(line))).toEqual([])
  },
)

test('where no engine answers, gVisor is not available, and it is said', async () => {
  const gVisor = await provideGVisor({ dockerHost: `unix://${folder}/none.sock`, log: () => {} })
  expect(gVisor).toEqual({ available: false, reason: expect.stringContaining('does not answer') })
})

/** An engine of this test's own, with nothing of the machine's: network, mounts, storage and containerd's namespace. */
async function startEngine(configText: string, flags: string[] = []): Promise<{ host: string; pid: number; config: string }> {
  const [socket, config] = [join(folder, 'd.sock'), join(folder, 'daemon.json')]
  writeFileSync(config, configText)
  const places = ['data-root', 'exec-root', 'pidfile'].map(name => `--${name}=${join(folder, name)}`)
  const alone = ['--bridge=none', '--iptables=false', '--containerd-namespace=assay-test', '--storage-driver=vfs']
  const child = spawn(
    'unshare',
    ['--net', '--mount', program!, `--host=unix://${socket}`, `--config-file=${config}`, ...places, ...alone, ...flags],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const lines = createInterface({ input: child.stderr })
  const listens = new Promise<void>(resolve => lines.on('line', line => void (line.includes('API listen on') && resolve())))
  await Promise.race([listens, ended.then(() => Promise.reject(new Error('dockerd ended')))])
  return { host: `unix://${socket}`, pid: child.pid!, config }
}

async function runtimes(host: string): Promise<string[]> {
  return (await engineFacts(connectEngine({ dockerHost: host }))).runtimes
}
