import { join, resolve } from 'node:path'
import { makeBundle, type Bundle } from '../core/bundle.ts'
import type { Manifest } from '../core/exercise.ts'
import { readExercise } from '../core/read-exercise.ts'
import { readSamples } from '../core/read-samples.ts'
import type { FileMap, Mode } from '../core/submission.ts'
import type { TestFact } from '../core/tests-list.ts'
import { collectTests } from '../worker/grading/collect-tests.ts'
import type { Sandbox } from '../worker/sandbox/sandbox.ts'

/*
 * What is handed in. An exercise of the library has a visible and a hidden file of tests at least, hence a restart between
 * them. Where one file of ten tests is measured, the submission is a run of the visible tests, and the worker's bundle
 * leaves the hidden file out, so that it makes ahead what one file takes.
 */
export const CASE_NAMES = ['endpoint', 'endpoint-db', 'query', 'migration', 'endpoint-files', 'endpoint-cold'] as const
export type CaseName = (typeof CASE_NAMES)[number]

type Source = {
  title: string
  folder: string
  sample: string
  mode: Mode
  /** Which designs beside floor and worker can grade it. */
  naive: boolean
  api: boolean
  /** Shown for one difference only: at saturation one number in flight is enough. */
  aside?: true
  cold?: true
}

const ROOT = resolve(import.meta.dirname, '..')
const SOURCES: Record<CaseName, Source> = {
  endpoint: {
    title: 'Express endpoint, ten HTTP tests in one file',
    folder: 'bench/exercises/reading-list',
    sample: 'accepted/express',
    mode: 'run',
    naive: true,
    api: true,
  },
  'endpoint-db': {
    title: 'Express endpoint with PostgreSQL 17, ten HTTP tests in one file',
    folder: 'bench/exercises/stored-list',
    sample: 'accepted/express',
    mode: 'run',
    naive: true,
    api: true,
  },
  query: {
    title: 'Query on five data sets, PostgreSQL 17',
    folder: 'bench/exercises/late-orders',
    sample: 'accepted/join',
    mode: 'submit',
    naive: true,
    api: true,
  },
  migration: {
    title: 'Migration, five tests in one file, PostgreSQL 17',
    folder: 'bench/exercises/club-dues',
    sample: 'accepted/in-place',
    mode: 'run',
    naive: true,
    api: true,
  },
  'endpoint-files': {
    title: 'Express endpoint, three files of tests, the program restarted between them',
    folder: 'exercises/parcel-lockers',
    sample: 'accepted/express',
    mode: 'submit',
    naive: false,
    api: true,
    aside: true,
  },
  'endpoint-cold': {
    title: 'Express endpoint with a command of its own, started cold, ten HTTP tests in one file',
    folder: 'bench/exercises/reading-list',
    sample: 'accepted/express',
    mode: 'run',
    naive: false,
    api: false,
    aside: true,
    cold: true,
  },
}

export type BenchCase = Omit<Source, 'sample'> & {
  name: CaseName
  slug: string
  manifest: Manifest
  bundle: Bundle
  tests: TestFact[]
  /** How many tests a submission must pass. */
  wanted: number
  files: FileMap
}

export async function readCase(name: CaseName, sandbox: Sandbox, signal: AbortSignal): Promise<BenchCase> {
  const { sample, ...source } = SOURCES[name]
  const folder = join(ROOT, source.folder)
  const exercise = await readExercise(folder)
  const found = (await readSamples(folder)).find(each => each.path === sample)
  if (!found) throw new Error(`${source.folder} has no submission ${sample}`)
  const bundle = bundleFor(exercise.bundle, source)
  const tests = await collectTests(sandbox, bundle, signal)
  const { slug, manifest } = bundle
  return { ...source, name, folder, slug, manifest, bundle, tests, wanted: tests.length, files: found.files }
}

function bundleFor({ slug, manifest, files }: Bundle, { mode, cold }: Pick<Source, 'mode' | 'cold'>): Bundle {
  const own = mode === 'run' ? Object.entries(files).filter(([path]) => !path.startsWith('tests/hidden/')) : Object.entries(files)
  return makeBundle(slug, cold ? startedCold(manifest) : manifest, Object.fromEntries(own))
}

/** A command of the exercise's own is run as it is, with nothing loaded beforehand. */
function startedCold(manifest: Manifest): Manifest {
  if (manifest.kind !== 'endpoint') throw new Error('only an endpoint has a program to start')
  return { ...manifest, runtimes: { node: { entry: 'server.js', command: ['node', 'server.js'] } } }
}
