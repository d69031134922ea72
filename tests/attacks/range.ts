import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Docker from 'dockerode'
import { readExercise, type Exercise } from '../../core/read-exercise.ts'
import { readFiles } from '../../core/read-files.ts'
import type { Report } from '../../core/report.ts'
import type { FileMap, Mode } from '../../core/submission.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { GradingEvent } from '../../core/worker-api.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { collectTests } from '../../worker/grading/collect-tests.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import type { SandboxRuntime } from '../../worker/sandbox/sandbox.ts'
import { watchEngine } from './engine-watch.ts'
import { rememberingBoxes, watchResidue } from './residue.ts'

const LIBRARY = resolve(import.meta.dirname, '../../exercises')
const OWN = join(import.meta.dirname, 'exercises')

type Prepared = { exercise: Exercise; tests: TestFact[]; canaries: string[] }

/** Where attacks are graded: a sandbox, the exercises with their lists of tests, and what is left afterwards. */
export type Range = AsyncDisposable & {
  runtime: SandboxRuntime
  grade(given: { exercise: string; files: FileMap; mode?: Mode; onEvent?: (event: GradingEvent) => void }): Promise<Report>
  /** A submission that must be accepted, whatever goes on beside it. */
  gradeBenign(): Promise<Report>
  prepared(slug: string): Promise<Prepared>
  /** What the boxes that were opened so far left behind, and what was done to them beside their plain life. */
  residue(): Promise<string[]>
}

export async function openRange({ dockerHost, runtime }: { dockerHost?: string; runtime: SandboxRuntime }): Promise<Range> {
  const sandbox = rememberingBoxes(openDockerSandbox({ dockerHost }))
  const docker = dockerAt(dockerHost)
  const residue = await watchResidue(docker)
  const watch = await watchEngine(docker)
  const exercises = new Map<string, Promise<Prepared>>()

  function prepared(slug: string): Promise<Prepared> {
    const known = exercises.get(slug) ?? prepare(slug)
    exercises.set(slug, known)
    return known
  }

  async function prepare(slug: string): Promise<Prepared> {
    const exercise = await readExercise(existsSync(join(OWN, slug)) ? join(OWN, slug) : join(LIBRARY, slug))
    const tests = await collectTests(sandbox, exercise.bundle, AbortSignal.timeout(120_000))
    return { exercise, tests, canaries: canariesOf(exercise) }
  }

  const grade: Range['grade'] = async ({ exercise: slug, files, mode, onEvent }) => {
    const { exercise, tests } = await prepared(slug)
    return gradeLocally({
      sandbox,
      sandboxRuntime: runtime,
      exercise,
      tests,
      files,
      ...(mode && { mode }),
      ...(onEvent && { onEvent }),
    })
  }

  return {
    runtime,
    grade,
    prepared,
    async gradeBenign() {
      const { files } = await readFiles(join(LIBRARY, 'parcel-lockers/submissions/accepted/plain-http'))
      const { 'sample.yaml': _, ...handedIn } = files
      return grade({ exercise: 'parcel-lockers', files: handedIn, mode: 'run' })
    },
    async residue() {
      const meddling = await watch.meddling(sandbox.opened)
      return [...(await residue.left(sandbox.opened)), ...meddling.map(action => `the engine was asked for "${action}" on a box that runs`)]
    },
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  }
}

function dockerAt(host: string | undefined): Docker {
  return host?.startsWith('unix://') ? new Docker({ socketPath: host.slice('unix://'.length) }) : new Docker()
}

/** The CANARY- words of an exercise's hidden parts; those that a learner may see anyway are none. */
function canariesOf({ bundle }: Exercise): string[] {
  const visible = Object.entries(bundle.files).filter(([path]) => path.startsWith('tests/visible/'))
  const words = Object.values(bundle.files).flatMap(text => text.match(/CANARY-[A-Z]+/g) ?? [])
  return [...new Set(words)].filter(word => !visible.some(([, text]) => text.includes(word)))
}
