import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'

/** What figures were taken on: they mean nothing without it. */
export type Machine = {
  cores: number
  processor: string
  memoryBytes: number
  kernel: string
  node: string
  engine: string
  runtimes: string[]
  cgroupVersion: string
  storageDriver: string
}

export async function machineFacts(options: { dockerHost?: string } = {}): Promise<Machine> {
  const engine = await engineFacts(connectEngine(options))
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
    engine: engine.version,
    runtimes: engine.runtimes,
    cgroupVersion: engine.cgroupVersion,
    storageDriver: engine.storageDriver,
  }
}

/** In one line, for the head of a table. */
export function machineWords(machine: Machine, runtime = 'runc'): string {
  const memory = `${Math.round(machine.memoryBytes / 2 ** 30)} GiB`
  const engine = `Docker ${machine.engine} (${runtime}, cgroup v${machine.cgroupVersion}, ${machine.storageDriver})`
  return `${machine.cores} cores (${machine.processor}), ${memory}, Linux ${machine.kernel}, ${engine}, Node ${machine.node.slice(1)}`
}
