import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { ProgramExit } from '../../worker/pod/agent-client.ts'
import type { Box, Sandbox } from '../../worker/sandbox/sandbox.ts'
import { boxSpec, listening, MiB, openProgram } from './open-program.ts'

/** A box without an agent: a shell reads the line to it. The name of a stream stands in the line as it is, and is a command there. */
async function tellShell(sandbox: Sandbox, command: string): Promise<Box> {
  const box = await sandbox.open(boxSpec({ image: 'base' }), AbortSignal.timeout(60_000))
  box.open(`\n${command}\n`)
  return box
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What this process still holds once the garbage is gone: buffers are freed in the background, which the second collection waits for. */
function heldBytes(): number {
  collectGarbage()
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Far less than what the floods send, more than all that is on its way at a time. */
const FLAT = 8 * MiB
const FLOOD = 64 * MiB

/**
 * What every Sandbox must do. `remaining` names whatever is left of a grading in the engine: boxes by label.
 * `noBareBoxes`: the reason why it makes none of the bare base image, whose shell can break the line in ways that an agent doesn't.
 */
export function sandboxContract(
  sandbox: Sandbox,
  remaining: (grading: string) => Promise<string[]>,
  { noBareBoxes }: { noBareBoxes?: string } = {},
): void {
  const inBareBox = (title: string, body: () => Promise<void>) =>
    noBareBoxes === undefined ? test(title, body) : test.skip(`${title}: ${noBareBoxes}`, body)

  test('a box echoes a stream, both ways at once, whole', async () => {
    await using running = await openProgram(sandbox, listening('socket.pipe(socket)'))
    expect(running.started).toMatchObject({ listening: true })
    const sent = randomBytes(3 * MiB)
    const stream = running.box.open('main')
    const received = buffer(stream)
    stream.end(sent)
    expect(sent.equals(await received)).toBe(true)
  })

  test('a box that is frozen does nothing until it is thawed, and then has lost nothing', async () => {
    // Beats as long as it lives, and says the longest pause that there was, once it is sent something.
    const beating = `let last = Date.now(), longest = 0
      const beat = () => { const now = Date.now(); longest = Math.max(longest, now - last); last = now }
      setInterval(beat, 5);`
    const saying = `socket.once('data', sent => { beat(); socket.end(sent + ' ' + longest) })`
    await using running = await openProgram(sandbox, beating + listening(saying))
    await running.box.freeze()
    await running.box.freeze()
    const frozenAt = performance.now()
    const said = buffer(running.box.open('main').end('sent'))
    // As long as it takes another box to start, work and go.
    await using other = await openProgram(sandbox, listening('socket.pipe(socket)'))
    expect(String(await buffer(other.box.open('main').end('echo')))).toBe('echo')
    const frozenMs = performance.now() - frozenAt
    await running.box.thaw()
    await running.box.thaw()
    const [sent, longest] = String(await said).split(' ')
    expect(sent).toBe('sent')
    expect(Number(longest)).toBeGreaterThanOrEqual(Math.floor(frozenMs))
  })

  test('a box can be frozen again and again, at once', async () => {
    await using running = await openProgram(sandbox, listening('socket.pipe(socket)'))
    for (let time = 0; time < 10; time++) {
      await running.box.freeze()
      await running.box.thaw()
    }
    const stream = running.box.open('main')
    stream.end('still there')
    expect(String(await buffer(stream))).toBe('still there')
  })

  test('a frozen box is removed', async () => {
    const spec = boxSpec()
    const running = await openProgram(sandbox, listening(''), { spec })
    expect(await remaining(spec.grading)).toHaveLength(1)
    await running.box.freeze()
    await running.box[Symbol.asyncDispose]()
    expect(await remaining(spec.grading)).toEqual([])
  })

  test('a box says what it is', async () => {
    await using running = await openProgram(sandbox, listening(''))
    expect(running.box).toMatchObject({ role: 'subject', imageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) })
    expect(running.box.lastWords()).toBe('')
  })

  test('a disposed box is gone, its streams broken and its end told', async () => {
    const spec = boxSpec()
    const running = await openProgram(sandbox, listening('socket.write("hello")'), { spec })
    const stream = running.box.open('main')
    await once(stream, 'data')
    expect(await remaining(spec.grading)).toHaveLength(1)
    const broken = new Promise(resolve => stream.once('close', resolve))
    await running.box[Symbol.asyncDispose]()
    await running.box[Symbol.asyncDispose]()
    await broken
    expect(await running.box.ended).toMatchObject({ engineAway: false, outOfMemory: false })
    expect(await remaining(spec.grading)).toEqual([])
    expect(running.box.open('main').destroyed).toBe(true)
  })

  describe('the end of a box', () => {
    test('killed from inside: seen as an exit, neither memory nor engine', async () => {
      await using running = await openProgram(sandbox, listening('process.kill(-1, "SIGKILL")'))
      running.box.open('main').end()
      expect(await running.box.ended).toEqual({ exitCode: 137, outOfMemory: false, engineAway: false })
    })

    inBareBox('garbage where frames belong: a broken line, told apart from an exit', async () => {
      await using box = await tellShell(sandbox, 'echo garbage garbage garbage')
      expect(await box.ended).toMatchObject({ brokenLine: expect.stringMatching(/frame/), outOfMemory: false, engineAway: false })
    })

    test('out of memory: known, whether the kernel took the program alone (runc) or the whole box (gVisor)', async () => {
      const hoard = 'const kept = []; for (;;) kept.push(Buffer.alloc(8 * 1024 * 1024, 1))'
      await using running = await openProgram(sandbox, listening(hoard))
      expect(await running.box.outOfMemory()).toBe(false)
      const exited = new Promise<ProgramExit>(resolve => running.agent.onExit(resolve))
      running.box.open('main').end()
      const end = await Promise.race([exited, running.box.ended])
      if ('oomKills' in end) expect(end).toMatchObject({ signal: 'SIGKILL', oomKills: 1 })
      else expect(end).toMatchObject({ outOfMemory: true, engineAway: false })
      await expect.poll(() => running.box.outOfMemory()).toBe(true)
    })
  })

  describe('floods', () => {
    test('a program that prints without end makes itself wait, not our memory grow', async () => {
      let taken = 0
      const enough = Promise.withResolvers<void>()
      const before = heldBytes()
      await using running = await openProgram(
        sandbox,
        `${listening('')}; const line = 'x'.repeat(65536); const go = () => { while (process.stdout.write(line)); process.stdout.once('drain', go) }; go()`,
        {
          onOut: stream =>
            stream.on('data', (chunk: Buffer) => {
              taken += chunk.length
              if (taken > FLOOD) enough.resolve()
            }),
        },
      )
      await enough.promise
      expect(heldBytes() - before).toBeLessThan(FLAT)
      expect(running.started).toMatchObject({ listening: true })
    })

    inBareBox('a flood on the box’s own stderr ends it', async () => {
      const before = heldBytes()
      await using box = await tellShell(sandbox, "tr '\\0' x </dev/zero >&2")
      expect(await box.ended).toMatchObject({ brokenLine: 'too much on its stderr', engineAway: false })
      expect(box.lastWords()).toBe('x'.repeat(8192))
      expect(heldBytes() - before).toBeLessThan(FLAT)
    })

    inBareBox('a flood on the box’s own stdout ends it', async () => {
      const before = heldBytes()
      await using box = await tellShell(sandbox, 'yes')
      expect(await box.ended).toMatchObject({ brokenLine: expect.stringMatching(/frame/), engineAway: false })
      expect(heldBytes() - before).toBeLessThan(FLAT)
    })
  })

  describe('aborting', () => {
    test('before it begins: nothing is made', async () => {
      const spec = boxSpec()
      await expect(sandbox.open(spec, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled')
      expect(await remaining(spec.grading)).toEqual([])
    })

    // A box takes some hundred milliseconds to open; these moments fall into its making, attaching and starting.
    test.each([1, 20, 50, 80, 120, 200])('%d ms after opening began: no residue', async afterMs => {
      const spec = boxSpec()
      const opening = sandbox.open(spec, AbortSignal.timeout(afterMs))
      const box = await opening.catch((error: unknown) => error)
      if (box instanceof Error) expect(box.name).toBe('TimeoutError')
      else await (await opening)[Symbol.asyncDispose]()
      expect(await remaining(spec.grading)).toEqual([])
    })
  })

  test('the engine says what it is', async () => {
    expect(await sandbox.facts()).toMatchObject({
      version: expect.stringMatching(/^\d+\./),
      runtimes: expect.arrayContaining(['runc']),
      architecture: expect.stringMatching(/^(?:amd64|arm64)$/),
      cgroupVersion: expect.stringMatching(/^[12]$/),
    })
  })
}
