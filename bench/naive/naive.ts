import { randomBytes } from 'node:crypto'
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
  const ids = new Set<string>()
  return {
    ready: async () => {},
    grade: async () => {
      signal.throwIfAborted()
      const job = `assay-bench-${randomBytes(4).toString('hex')}`
      const parts = partsOf(of, job, images)
      const made: string[] = []
      const began = performance.now()
      await using folder = await openJobFolder(of)
      await containers.createNetwork(job)
      const own: string[] = []
      try {
        for (const part of parts) {
          made.push(part.name)
          own.push(await containers.start({ ...part, network: job, mounts: { [folder.submission]: '/work:ro' } }))
          ids.add(own.at(-1)!)
        }
        made.push(`${job}-tests`)
        const code = await containers.runToEnd({
          name: `${job}-tests`,
          image: images.node,
          network: job,
          memory: '512m',
          command: [
            'node',
            '--test',
            '--test-isolation=none',
            '--test-reporter=junit',
            '--test-reporter-destination=/results/results.xml',
            `/tests/${laid.file}`,
          ],
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
        for (const id of own) ids.delete(id)
        if (made.length > 0) await containers.remove(made)
        await containers.removeNetwork(job)
      }
    },
    memoryNow: () => [...ids].reduce((sum, id) => sum + (memoryNow(id) ?? 0), 0),
    [Symbol.asyncDispose]: () => laid[Symbol.asyncDispose](),
  }
}

/** What runs beside the tests. */
function partsOf({ manifest }: Opening['of'], job: string, images: NaiveImages): Omit<Run, 'network' | 'mounts'>[] {
  const database = { name: `${job}-db`, image: images.postgres, memory: '512m' }
  if (manifest.kind !== 'endpoint') return [database]
  const hasDatabase = manifest.services.postgres !== undefined
  const env = { PORT: '8080', NODE_ENV: 'production', ...(hasDatabase && { DATABASE_URL: `postgres://assay@${job}-db:5432/app` }) }
  const app = { name: `${job}-app`, image: images.node, memory: '256m', env }
  return hasDatabase ? [database, app] : [app]
}

function envOf({ manifest }: Opening['of'], job: string): Record<string, string> {
  if (manifest.kind === 'endpoint' && !manifest.services.postgres) return {}
  const database = { DATABASE_HOST: `${job}-db` }
  return manifest.kind === 'query' ? { ...database, DATASETS: manifest.datasets.map(({ id }) => id).join(',') } : database
}
