import { referenceOf } from '../../core/reference.ts'
import { kindOf } from '../kinds/kind.ts'
import type { PodKind } from '../pod/pod-source.ts'

/** What a pod made ahead costs, and how often its program will be started anew. */
export type PodShape = { bytes: number; restarts: number }

const MiB = 1024 * 1024
/** What the boxes hold while they wait (`npm run bench -- --only pods` prints it), and room for exercises that are larger. */
const EXAMINER_BYTES = 32 * MiB
const SUBJECT_BYTES = 40 * MiB
const DATABASE_BYTES = 96 * MiB

/** Before each file of tests but the first, or each test, the program is started anew (the exercise's `isolation`). */
export function shapeOf({ bundle, runtime }: PodKind): PodShape {
  const { manifest, files } = bundle
  const plan = kindOf(manifest).plan(manifest, runtime)
  const testFiles = Object.keys(files).filter(path => /^tests\/(visible|hidden)\/.*\.test\.ts$/.test(path)).length
  const restarts = plan.subject ? Math.max(0, testFiles - 1) : 0
  const sides = referenceOf(bundle) ? 2 : 1
  const side = (plan.subject ? SUBJECT_BYTES : 0) + (plan.database ? DATABASE_BYTES : 0)
  return { bytes: EXAMINER_BYTES + sides * side, restarts }
}
