import type { Mode } from '../../core/submission.ts'
import type { TestFact } from '../../core/tests-list.ts'

export type TestPlan = { file: string; tests: string[] }[]

/**
 * Which tests run, and in which order: files with a visible test first, files shuffled by the seed, tests in the order
 * written. `run` takes the visible tests only.
 */
export function testPlan(tests: readonly TestFact[], mode: Mode, seed: number): TestPlan {
  const chosen = mode === 'run' ? tests.filter(test => test.visibility === 'visible') : tests
  const files = [...Map.groupBy(chosen, test => test.file)].map(([file, own]) => ({ file, own }))
  const isVisible = ({ own }: (typeof files)[number]) => own.some(test => test.visibility === 'visible')
  const random = numbersFrom(seed)
  return [
    ...shuffle(files.filter(isVisible), random),
    ...shuffle(
      files.filter(file => !isVisible(file)),
      random,
    ),
  ].map(({ file, own }) => ({
    file,
    tests: own.map(test => test.id),
  }))
}

function shuffle<T>(items: T[], random: () => number): T[] {
  const result = [...items]
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const moved = result[i]!
    result[i] = result[j]!
    result[j] = moved
  }
  return result
}

/** Mulberry32: small, seeded, good enough to shuffle. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
