import { createRequire } from 'node:module'
import type fastCheck from 'fast-check'
import { propertySeed } from '../property-seed.ts'

/*
 * fast-check, loaded when a test first touches it: most exercises never do, and it is a fifth of all the code that an examiner
 * would load. `fc` stands for it until then.
 */
type FastCheck = typeof fastCheck

let loaded: FastCheck | undefined
let seeded: number | undefined

function load(): FastCheck {
  loaded ??= (createRequire(import.meta.url)('fast-check') as { default: FastCheck }).default
  const seed = propertySeed()
  if (seed !== undefined && seed !== seeded) loaded.configureGlobal({ seed })
  seeded = seed
  return loaded
}

/** Property-based testing (fast-check); `fc.assert` takes the grading's seed. */
export const fc: FastCheck = new Proxy({} as FastCheck, {
  get: (_, name) => Reflect.get(load(), name) as unknown,
  has: (_, name) => Reflect.has(load(), name),
  ownKeys: () => Reflect.ownKeys(load()),
  getOwnPropertyDescriptor: (_, name) => {
    const found = Reflect.getOwnPropertyDescriptor(load(), name)
    // A proxy may tell only of such properties that what stands behind it could have.
    return found && { ...found, configurable: true }
  },
})
