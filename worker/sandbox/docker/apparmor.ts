import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { BoxSpec } from '../sandbox.ts'
import { createContainer, removeContainer, startContainer } from './box-container.ts'
import { refusedWith, type Engine } from './engine.ts'
import { hostConfig, type Surroundings } from './host-config.ts'
import { labelsOf } from './owner.ts'

/*
 * Where the engine's host has AppArmor, boxes run under a profile of ours once it is loaded there; until then under the
 * engine's docker-default. Root loads it (cli/setup/apparmor.ts). No engine tells which profiles its host has loaded,
 * and a worker in a container can't look, so it is asked for once: a box that can't have it can't start.
 */
export const BOX_PROFILE = 'assay-box'
export const PROFILE_FILE = join(import.meta.dirname, 'assay-box.apparmor')

/** Whether an engine with these SecurityOptions (of its /info) puts containers under AppArmor. */
export function hasAppArmor(securityOptions: readonly string[] | null | undefined): boolean {
  return (securityOptions ?? []).some(option => option.split(',').includes('name=apparmor'))
}

/** What an engine says when it starts a container under a profile that isn't loaded, whichever runtime says it. */
export function saysNotLoaded(message: string): boolean {
  return /apparmor/i.test(message)
}

/** Our profile's name where boxes of this engine can have it, else undefined. Costs a box, but only where there is AppArmor. */
export async function boxProfile(engine: Engine, surroundings: Omit<Surroundings, 'labels'>): Promise<string | undefined> {
  const { SecurityOptions } = await engine.ask(
    'tell about itself',
    docker => docker.info() as Promise<{ SecurityOptions: string[] | null }>,
  )
  if (!hasAppArmor(SecurityOptions)) return undefined
  const name = `assay-probe-${randomBytes(6).toString('hex')}`
  const options = hostConfig(TRIED, { ...surroundings, appArmor: BOX_PROFILE, labels: labelsOf(TRIED, Date.now()) })
  try {
    await startContainer(engine, await createContainer(engine, name, { ...options, Cmd: ['/bin/true'] }))
    return BOX_PROFILE
  } catch (error) {
    if (refusedWith(error) !== undefined && saysNotLoaded((error as Error).message)) return undefined
    throw error
  } finally {
    await removeContainer(engine, name)
  }
}

const TRIED: BoxSpec = {
  role: 'subject',
  image: 'base',
  runtime: 'runc',
  memoryBytes: 64 * 1024 * 1024,
  processors: 1,
  grading: 'apparmor',
}
