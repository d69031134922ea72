import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AgentClient } from '../../worker/pod/agent-client.ts'
import { DockerBox } from '../../worker/sandbox/docker/box.ts'
import { attach, createContainer, removeContainer, startContainer } from '../../worker/sandbox/docker/box-container.ts'
import { BoxWatch } from '../../worker/sandbox/docker/box-watch.ts'
import type { Engine } from '../../worker/sandbox/docker/engine.ts'
import { hostConfig } from '../../worker/sandbox/docker/host-config.ts'
import { labelsOf } from '../../worker/sandbox/docker/owner.ts'
import { Removals } from '../../worker/sandbox/docker/removals.ts'
import type { Box, BoxSpec } from '../../worker/sandbox/sandbox.ts'

const SPEC: BoxSpec = {
  role: 'database',
  image: 'postgres',
  runtime: 'runc',
  memoryBytes: 512 * 1024 ** 2,
  processors: 1,
  grading: 'bench',
}

export type OpenDatabase = AsyncDisposable & { box: Box; agent: AgentClient; openMs: number; startMs: number }

/** A database's box with its server accepting queries, from any image and with any options of the server's, so that two can be compared. */
export async function openDatabase(
  engine: Engine,
  imageRef: string,
  architecture: string,
  options: readonly string[] = [],
): Promise<OpenDatabase> {
  const name = `assay-database-${randomBytes(6).toString('hex')}`
  const began = performance.now()
  try {
    const container = await createContainer(engine, name, hostConfig(SPEC, { imageRef, architecture, labels: labelsOf(SPEC, Date.now()) }))
    const watched = new BoxWatch(engine).add(container.id, () => {})
    const socket = await attach(engine, container)
    await startContainer(engine, container)
    const opened = performance.now()
    const box = new DockerBox({
      engine,
      container,
      socket,
      watched,
      removals: new Removals(),
      role: 'database',
      imageDigest: imageRef,
      onDisposed: () => {},
    })
    box.onStream((_, stream) => stream.resume())
    const agent = new AgentClient(box, {
      command: ['/usr/local/bin/start-postgres', ...options],
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      port: 5432,
      adminSocket: '/pgdata/run/.s.PGSQL.5432',
      peers: [],
    })
    const started = await agent.start({})
    if (!started?.listening) throw new Error(`the server did not start: ${box.lastWords()}`)
    return {
      box,
      agent,
      openMs: opened - began,
      startMs: performance.now() - opened,
      [Symbol.asyncDispose]: () => box[Symbol.asyncDispose](),
    }
  } catch (error) {
    await removeContainer(engine, name)
    throw error
  }
}

/** Bytes that a box's processes hold, those that they share counted by parts; undefined where that can't be read. */
export function sharedOutMemory(containerId: string): number | undefined {
  for (const place of [
    `/sys/fs/cgroup/pids/docker/${containerId}`,
    `/sys/fs/cgroup/system.slice/docker-${containerId}.scope`,
    `/sys/fs/cgroup/docker/${containerId}`,
  ]) {
    try {
      const pids = readFileSync(`${place}/cgroup.procs`, 'utf8').trim().split('\n')
      const kilobytes = pids.map(pid => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1]))
      return kilobytes.reduce((sum, each) => sum + each, 0) * 1024
    } catch {
      continue
    }
  }
  return undefined
}
