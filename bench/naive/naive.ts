import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { OpenDesign, Opening } from '../design.ts'
import { memoryNow } from '../measure/box-usage.ts'
import type { Containers, Run } from './containers.ts'
import type { NaiveImages } from './images.ts'
import { layTests, openJobFolder, passedTests } from './job-folder.ts'

/*
 * What container graders do. For each submission: a network of its own, and fresh containers with the engine's defaults (no
 * limit but memory), whose entrypoints boot everything; the tests run in one more, by a runner started cold, which writes a
 * file of results; then all of it is removed. No wait is longer than it need be, and the runner is Node's own.
 */
export async function openNaive({ of, signal }: Opening, containers: Containers, images: NaiveImages): Promise<OpenDesign> {
  const laid = await layTests(of)
  const idFiles = new Set<string>()
  return {
    ready: async () => {},
    grade: async () => {
      signal.throwIfAborted()
      const job = `assay-bench-${randomBytes(4).toString('hex')}`
      const began = performance.now()
      await using folder = await openJobFolder(of)
      await containers.createNetwork(job)
      const own: string[] = []
      const named = (part: string) => {
        const idFile = join(folder.folder, part)
        own.push(idFile)
        idFiles.add(idFile)
        return { name: `${job}-${part}`, network: job, idFile }
      }
      try {
        for (const { part, ...run } of partsOf(of, job, images))
          await containers.start({ ...run, ...named(part), mounts: { [folder.submission]: '/work:ro' } })
        signal.throwIfAborted()
        const code = await containers.runToEnd({
          ...named('tests'),
          image: images.node,
          memory: '512m',
          command: [...RUNNER, `/tests/${laid.file}`],
          env: { SUBJECT_URL: `http://${job}-app:8080`, ...envOf(of, job) },
          mounts: {
            [laid.tests]: '/tests:ro',
            [laid.exercise]: '/exercise:ro',
            [folder.submission]: '/submission:ro',
            [folder.results]: '/results',
          },
        })
        const passed = await passedTests(folder.results)
        const latencyMs = performance.now() - began
        if (code !== 0 || passed !== of.wanted) throw new Error(`the naive grader's runner ended with ${code}, ${passed} tests passed`)
        return { latencyMs }
      } finally {
        // A job that is broken off is cleared away with the images, once no command runs any more.
        const clear = async () => {
          await containers.remove(own.map(idFile => `${job}-${basename(idFile)}`))
          await containers.removeNetwork(job)
        }
        await clear().catch(error => {
          if (!signal.aborted) throw error
        })
        for (const idFile of own) idFiles.delete(idFile)
      }
    },
    ahead: 0,
    memoryNow: () => [...idFiles].reduce((sum, file) => sum + (memoryNow(idIn(file)) ?? 0), 0),
    [Symbol.asyncDispose]: () => laid[Symbol.asyncDispose](),
  }
}

const RUNNER = ['node', '--test', '--test-isolation=none', '--test-reporter=junit', '--test-reporter-destination=/results/results.xml']

/** Empty until the container is made; then no cgroup has that name. */
function idIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return 'none'
  }
}

type Part = Pick<Run, 'image' | 'memory' | 'env'> & { part: string }

/** What runs beside the tests. */
function partsOf({ manifest }: Opening['of'], job: string, images: NaiveImages): Part[] {
  const database = { part: 'db', image: images.postgres, memory: '512m' }
  if (manifest.kind !== 'endpoint') return [database]
  const hasDatabase = manifest.services.postgres !== undefined
  const env = { PORT: '8080', NODE_ENV: 'production', ...(hasDatabase && { DATABASE_URL: `postgres://assay@${job}-db:5432/app` }) }
  const app = { part: 'app', image: images.node, memory: '256m', env }
  return hasDatabase ? [database, app] : [app]
}

function envOf({ manifest }: Opening['of'], job: string): Record<string, string> {
  if (manifest.kind === 'endpoint' && !manifest.services.postgres) return {}
  const database = { DATABASE_HOST: `${job}-db` }
  return manifest.kind === 'query' ? { ...database, DATASETS: manifest.datasets.map(({ id }) => id).join(',') } : database
}
