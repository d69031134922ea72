import { makeBundle } from '../../../core/bundle.ts'
import type { Manifest } from '../../../core/exercise.ts'
import { faultOf, type Outcome } from '../../../core/outcome.ts'
import type { Report } from '../../../core/report.ts'
import type { TestFact } from '../../../core/tests-list.ts'
import type { Claim, Heartbeat } from '../../../core/worker-api.ts'
import type { NewSubmission, RawBundle } from '../../../server/store/store.ts'

export function sampleBundle(slug = 'sum-api', text = 'one'): RawBundle {
  const manifest = {
    kind: 'endpoint',
    title: 'Sum',
    difficulty: 'easy',
    tasks: [{ id: 'sum', title: 'Sum two numbers' }],
    editable: ['*.js'],
    runtimes: { node: { entry: 'server.js' } },
    limits: { start: '5s' },
  } as const
  const { version, files } = makeBundle(slug, manifest as unknown as Manifest, { 'README.md': text })
  return { slug, version, manifest: structuredClone(manifest) as unknown as RawBundle['manifest'], files }
}

export const SAMPLE = sampleBundle()

export const SAMPLE_TESTS: TestFact[] = [
  {
    id: 'adds',
    name: 'adds two numbers',
    task: 'sum',
    points: 3,
    visibility: 'hidden',
    feedback: 'category',
    timeLimitMs: 5000,
    file: 'tests/hidden/sum.test.ts',
  },
]

export function newSubmission(given: Partial<NewSubmission> = {}): NewSubmission {
  return {
    owner: 'ada',
    group: 'class-1',
    slug: SAMPLE.slug,
    version: SAMPLE.version,
    runtime: 'node',
    mode: 'submit',
    files: { 'server.js': 'export {}', 'lib/sum.js': '// ä' },
    maxWaiting: 100,
    ...given,
  }
}

export function reportOf(claim: Pick<Claim, 'slug' | 'version' | 'seed' | 'mode'>, outcome: Outcome): Report {
  return {
    reportVersion: 1,
    exercise: { slug: claim.slug, version: claim.version, title: 'Sum' },
    kind: 'endpoint',
    runtime: 'node',
    sandboxRuntime: 'runc',
    mode: claim.mode,
    seed: claim.seed,
    outcome,
    fault: faultOf(outcome),
    ...(outcome === 'grader_error' && { reason: { code: 'IMAGE_MISSING', message: 'Sandbox image assay-node is not built' } }),
    score: { earned: outcome === 'accepted' ? 3 : 1, possible: 3 },
    tasks: [],
    tests: [],
    timings: {},
    images: {},
  }
}

export function heartbeatOf(given: Partial<Heartbeat> = {}): Heartbeat {
  return {
    slots: 2,
    gradings: [],
    engine: { state: 'up', version: '20.10', runtimes: ['runc'] },
    disk: { freeBytes: 1e9, totalBytes: 1e10 },
    boxes: 0,
    ...given,
  }
}
