import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { attach, createContainer, removeContainer, startContainer } from '../../worker/sandbox/docker/box-container.ts'
import { hostConfig, type BoxOptions } from '../../worker/sandbox/docker/host-config.ts'
import { labelsOf } from '../../worker/sandbox/docker/owner.ts'
import type { BoxSpec } from '../../worker/sandbox/sandbox.ts'
import type { OwnEngine } from './own-engine.ts'

/** What is changed of a box's profile; it may change what it is given. */
export type Change = (options: BoxOptions) => void

/** Milliseconds: of each step, of all, and of processor time. */
export type Life = { create: number; attach: number; start: number; remove: number; wall: number; processor: number }

export type LifeOptions = { own: OwnEngine; imageRef: string; architecture: string; change?: Change | undefined }

const SPEC: BoxSpec = { role: 'subject', image: 'base', runtime: 'runc', memoryBytes: 256 * 1024 ** 2, processors: 1, grading: 'bench' }
const ANSWERS_WITHIN = 20_000

/** A box from nothing to nothing: made, attached to, started until its shell has answered, and removed. */
export async function boxLife(options: LifeOptions): Promise<Life> {
  const { own } = options
  await own.settle()
  const used = own.usedMs()
  const times = await unmeasuredLife(options)
  await own.settle()
  const [began, created, attached, started, removed] = times
  return {
    create: created - began,
    attach: attached - created,
    start: started - attached,
    remove: removed - started,
    wall: removed - began,
    processor: own.usedMs() - used,
  }
}

/** The same without waiting for the engine to come to rest; returns the moments between the steps. */
export async function unmeasuredLife(options: LifeOptions): Promise<[number, number, number, number, number]> {
  const { own } = options
  const name = `assay-bench-${randomBytes(6).toString('hex')}`
  try {
    const began = performance.now()
    const container = await createContainer(own.engine, name, optionsOf(options))
    const created = performance.now()
    const socket = await attach(own.engine, container)
    const attached = performance.now()
    await startContainer(own.engine, container)
    await answers(socket)
    const started = performance.now()
    socket.destroy()
    if (!(await removeContainer(own.engine, container.id))) throw new Error('a box could not be removed')
    return [began, created, attached, started, performance.now()]
  } catch (error) {
    await removeContainer(own.engine, name)
    throw error
  }
}

export function optionsOf({ imageRef, architecture, change }: LifeOptions): BoxOptions {
  const options = hostConfig(SPEC, { imageRef, architecture, labels: labelsOf(SPEC, Date.now()) })
  change?.(options)
  return options
}

/** The shell in the box says a word back; throws what the box says instead. */
export async function answers(socket: Duplex): Promise<void> {
  const heard = once(socket, 'data', { signal: AbortSignal.timeout(ANSWERS_WITHIN) })
  socket.write('echo ready\n')
  const [said] = (await heard) as [Buffer]
  if (!said.includes('ready')) throw new Error(`the box said: ${said.toString('utf8').trim()}`)
}
