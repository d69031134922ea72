import type Docker from 'dockerode'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { GraderError } from '../../../core/errors.ts'
import { refusedWith, type Engine } from './engine.ts'
import type { BoxOptions } from './host-config.ts'

/*
 * The life of one container, in calls that always come back. Order matters: attach before start, or the first words are lost.
 */
const REMOVE_TRIES = 3

/** Warnings that tell of no limit: a box has no network to forward. */
const OF_NO_CONCERN = /forwarding is disabled/i

/** Makes a container; one whose limits the engine would not apply is removed again, and this throws. */
export async function createContainer(engine: Engine, name: string, options: BoxOptions): Promise<Docker.Container> {
  try {
    const { Id, Warnings } = await engine.ask('make a box', docker => create(docker, name, options))
    // Where a kernel lacks a limit the engine drops it and only says so.
    const dropped = (Warnings ?? []).filter(warning => !OF_NO_CONCERN.test(warning))
    if (dropped.length > 0) {
      const words = `The Docker engine can't hold a box to its limits: ${dropped.join('; ')}. Run "npx assay doctor"`
      throw new GraderError('LIMITS_NOT_APPLIED', words)
    }
    return engine.docker.getContainer(Id)
  } catch (error) {
    // A call that came back too late may have made it all the same.
    await removeContainer(engine, name)
    throw error
  }
}

/** dockerode's own createContainer hides the warnings. */
function create(docker: Docker, name: string, options: BoxOptions): Promise<{ Id: string; Warnings: string[] | null }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ Id: string; Warnings: string[] | null }>()
  const call = {
    path: '/containers/create?',
    method: 'POST',
    options: { _query: { name }, _body: options },
    statusCodes: { 201: true, 400: 'bad parameter', 404: 'not found', 409: 'conflict', 500: 'server error' },
  }
  docker.modem.dial(call, (error: Error | null, answer) => (error ? reject(error) : resolve(answer as Awaited<typeof promise>)))
  return promise
}

/** The box's stdin, stdout and stderr as one stream, which holds what comes until somebody listens. */
export async function attach(engine: Engine, container: Docker.Container): Promise<Duplex> {
  const opening = container.attach({
    stream: true,
    hijack: true,
    stdin: true,
    stdout: true,
    stderr: true,
  }) as Promise<unknown> as Promise<Duplex>
  try {
    const stream = await engine.ask('connect to a box', () => opening)
    stream.on('error', () => {})
    return stream
  } catch (error) {
    void closeLate(opening)
    throw error
  }
}

/** An attach that came back after its deadline must not leave a connection open. */
async function closeLate(opening: Promise<Duplex>): Promise<void> {
  const stream = await opening.catch(() => undefined)
  stream?.destroy()
}

export async function startContainer(engine: Engine, container: Docker.Container): Promise<void> {
  await engine.ask('start a box', (_, abortSignal) => container.start({ abortSignal }), 60_000)
}

const PAUSED_WITHIN = 5_000
const PAUSE_AGAIN_AFTER = 10

/**
 * Pauses a container, or lets it go on; one that has ended is left alone. The engine goes by what its runtime told it last: right
 * after another such call it may hold a paused container for a running one, until the news has come, so a refusal is asked again.
 */
export async function pauseContainer(engine: Engine, container: Docker.Container, what: 'pause' | 'unpause'): Promise<void> {
  const before = performance.now() + PAUSED_WITHIN
  for (;;) {
    try {
      await engine.ask(`${what} a box`, (_, abortSignal) => container[what]({ abortSignal }), PAUSED_WITHIN)
      return
    } catch (error) {
      if (refusedWith(error) === undefined || performance.now() > before) throw error
      if (!(await stateOf(engine, container))?.running) return
      await wait(PAUSE_AGAIN_AFTER)
    }
  }
}

export type ContainerState = { running: boolean; exitCode: number; outOfMemory: boolean }

/** The container's state, or undefined when the engine has no such container. */
export async function stateOf(engine: Engine, container: Docker.Container): Promise<ContainerState | undefined> {
  try {
    const { State } = await engine.ask('look at a box', (_, abortSignal) => container.inspect({ abortSignal }), 5000)
    return { running: State.Running, exitCode: State.ExitCode, outOfMemory: State.OOMKilled }
  } catch (error) {
    if (refusedWith(error) === 404) return undefined
    throw error
  }
}

/** Waits until the container no longer runs, at most `timeoutMs`; whether it does is for `stateOf` to say. */
export async function waitForEnd(engine: Engine, container: Docker.Container, timeoutMs: number): Promise<void> {
  const waiting = (_: Docker, abortSignal: AbortSignal) => container.wait({ condition: 'not-running', abortSignal })
  await engine.ask('wait for a box', waiting, timeoutMs).catch(() => {})
}

/** Kills and removes a container. Returns whether it is gone; never throws. */
export async function removeContainer(engine: Engine, idOrName: string): Promise<boolean> {
  const container = engine.docker.getContainer(idOrName)
  for (let tries = 0; tries < REMOVE_TRIES; tries++) {
    try {
      await engine.ask('remove a box', (_, abortSignal) => container.remove({ force: true, v: true, abortSignal }))
      return true
    } catch (error) {
      if (refusedWith(error) === 404) return true
      if ((error as GraderError).code === 'ENGINE_AWAY' && tries > 0) return false
      // 409: somebody is removing it already.
      if (refusedWith(error) === 409) {
        await engine.ask('wait for a removal', (_, abortSignal) => container.wait({ condition: 'removed', abortSignal })).catch(() => {})
      }
    }
  }
  return false
}

/** News of a kill comes to the engine by way of two other processes: wait this long for it. */
const NEWS_TAKES_MS = 50

/**
 * Whether the engine has told of an out-of-memory kill in this container: it does so at once, while the state shows it only
 * after the end, and only for the first process.
 */
export async function sawOutOfMemory(engine: Engine, container: Docker.Container): Promise<boolean> {
  return engine.ask('tell of out-of-memory kills', async (docker, abortSignal) => {
    const now = Date.now()
    const seconds = (time: number) => (time / 1000).toFixed(3)
    const news = await docker.getEvents({
      since: seconds(now - 3600_000) as unknown as number,
      until: seconds(now + NEWS_TAKES_MS) as unknown as number,
      filters: JSON.stringify({ container: [container.id], event: ['oom'] }),
      abortSignal,
    })
    for await (const chunk of news as AsyncIterable<Buffer>) if (chunk.length > 0) return true
    return false
  })
}
