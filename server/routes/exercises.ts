import { z } from 'zod'
import { KINDS, DIFFICULTIES, slug } from '../../core/exercise.ts'
import { LIMITS, type LimitName } from '../../core/limits.ts'
import type { Exercise } from '../../core/read-exercise.ts'
import { viewTests } from '../../core/report-view.ts'
import { SUBMISSION_RUNTIMES, runtimesOf } from '../../core/runtimes.ts'
import { fileMapSchema } from '../../core/submission.ts'
import type { TestFact } from '../../core/tests-list.ts'
import { allowed } from '../auth.ts'
import { notFound, problems } from '../problem.ts'
import type { App, Deps } from '../app.ts'
import { page } from './schemas.ts'

const summary = {
  slug: z.string(),
  title: z.string(),
  summary: z.string(),
  kind: z.enum(KINDS),
  difficulty: z.enum(DIFFICULTIES),
  topics: z.array(z.string()),
  runtimes: z.array(z.enum(SUBMISSION_RUNTIMES)),
  version: z.string().describe('Hash of what grades it; every verdict names it'),
}
const exerciseSummarySchema = z.strictObject(summary).meta({ id: 'ExerciseSummary' })

const exerciseSchema = z
  .strictObject({
    ...summary,
    statement: z.string().describe('Markdown'),
    tasks: z.array(z.strictObject({ id: z.string(), title: z.string() })),
    starter: z.partialRecord(z.enum(SUBMISSION_RUNTIMES), fileMapSchema).describe('Per runtime the files to begin with'),
    entry: z.partialRecord(z.enum(SUBMISSION_RUNTIMES), z.string()).describe('Per runtime the file that is run'),
    editable: z.array(z.string()).describe('Patterns of the paths that may be handed in'),
    limits: z
      .strictObject(Object.fromEntries(Object.keys(LIMITS).map(name => [name, z.number()])) as Record<LimitName, z.ZodNumber>)
      .describe('Times in milliseconds, sizes in bytes'),
    tests: z
      .strictObject({
        visible: z.array(z.strictObject({ id: z.string(), name: z.string(), task: z.string(), points: z.number() })),
        hidden: z.number().int(),
      })
      .nullable()
      .describe('null until they are collected'),
  })
  .meta({ id: 'Exercise' })

export function exerciseRoutes(app: App, { library, store }: Deps): void {
  app.get(
    '/api/v1/exercises',
    {
      config: { open: true },
      schema: {
        summary: 'List the exercises on offer',
        tags: ['exercises'],
        response: { 200: page(exerciseSummarySchema), ...problems(429) },
      },
    },
    () => ({ items: library.all().map(summarize), nextCursor: null }),
  )

  app.get(
    '/api/v1/exercises/:slug',
    {
      schema: {
        summary: 'Read an exercise: statement, starter, limits',
        tags: ['exercises'],
        params: z.strictObject({ slug }),
        response: { 200: exerciseSchema, ...problems(401, 404, 429) },
      },
    },
    async request => {
      allowed(request, 'exercises.read')
      const exercise = library.find(request.params.slug)
      if (!exercise) throw notFound(`exercise "${request.params.slug}"`)
      return describe(exercise, await store.tests(exercise.bundle.version))
    },
  )

  app.post(
    '/api/v1/exercises/reload',
    {
      schema: {
        summary: "Read the library's folder again (admin)",
        tags: ['exercises'],
        response: {
          200: z.strictObject({
            exercises: z.number().int(),
            faults: z.array(
              z.strictObject({
                file: z.string(),
                field: z.string().optional(),
                line: z.number().optional(),
                column: z.number().optional(),
                message: z.string(),
              }),
            ),
          }),
          ...problems(401, 403, 409, 415, 429, 503, 507),
        },
      },
    },
    async request => {
      allowed(request, 'exercises.reload')
      const { exercises, faults } = await library.reload()
      return { exercises, faults: faults.flatMap(fault => fault.findings) }
    },
  )
}

function summarize({ slug, manifest, bundle }: Exercise): z.infer<typeof exerciseSummarySchema> {
  const { title, summary, kind, difficulty, topics } = manifest
  return { slug, title, summary, kind, difficulty, topics, runtimes: runtimesOf(manifest), version: bundle.version }
}

function describe(exercise: Exercise, tests: TestFact[] | undefined): z.infer<typeof exerciseSchema> {
  const { manifest, statement, starter } = exercise
  const runtimes = manifest.kind === 'endpoint' ? Object.entries(manifest.runtimes) : []
  return {
    ...summarize(exercise),
    statement,
    starter,
    tasks: manifest.tasks,
    entry: Object.fromEntries(runtimes.map(([name, { entry }]) => [name, entry])),
    editable: manifest.editable,
    limits: manifest.limits,
    tests: tests ? viewTests(tests) : null,
  }
}
