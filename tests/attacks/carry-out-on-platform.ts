import { join } from 'node:path'
import type { PlatformAttack } from './attack.ts'
import type { Result } from './carry-out.ts'
import type { Platform } from './platform.ts'

/**
 * What a platform attack's folder holds as attack.ts: carries the attack out over the API. Throws, naming what it got, when
 * it got anything; returns in one line what was tried and answered.
 */
export type AttackModule = { default: (platform: Platform) => Promise<string> }

/** Carries one out, then looks at the service. */
export async function carryOutOnPlatform(attack: PlatformAttack, platform: Platform): Promise<Result> {
  const began = performance.now()
  const { default: attempt } = (await import(join(import.meta.dirname, attack.folder, 'attack.ts'))) as AttackModule
  const breaches: string[] = []
  let note = ''
  try {
    note = await attempt(platform)
  } catch (error) {
    breaches.push(error instanceof Error ? error.message : String(error))
  }
  breaches.push(...(await platform.check()))
  return { attack, outcomes: ['refused'], ms: performance.now() - began, breaches, note }
}
