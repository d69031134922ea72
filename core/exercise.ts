import { z } from 'zod'
import { limitsSchema } from './limits-schema.ts'
import { planBudgetSchema } from './plan-budget.ts'
import { LOADED_AHEAD, RUNTIME_NAMES } from './runtimes.ts'
import { SANDBOX_RUNTIMES } from './sandbox-runtime.ts'
import { FEEDBACK, VISIBILITIES } from './tests-list.ts'

/** A name in addresses, folders and reports. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected lower-case letters, digits and hyphens, at most 64')
const relativePath = z
  .string()
  .regex(/^(?!.*\.\.)[A-Za-z0-9._-][A-Za-z0-9._/-]{0,199}$/, 'expected a path relative to the exercise, without ".."')

export const KINDS = ['endpoint', 'query', 'migration'] as const
export type Kind = (typeof KINDS)[number]

export const DIFFICULTIES = ['easy', 'medium', 'hard'] as const

const common = {
  title: z.string().min(1).max(120),
  summary: z.string().max(300).default(''),
  topics: z.array(z.string().max(40)).max(12).default([]),
  difficulty: z.enum(DIFFICULTIES),
  /** In the order of the statement; `title` is a heading of README.md. */
  tasks: z
    .array(z.strictObject({ id: slug, title: z.string().min(1).max(120) }))
    .min(1)
    .max(40),
  limits: limitsSchema,
  /** Patterns of the paths a learner may hand in. */
  editable: z.array(z.string().min(1).max(100)).min(1).max(40),
}

const postgres = z.strictObject({
  /** SQL run as the database's owner when the box is made: tables, then rows. Relative to the exercise. */
  schema: relativePath,
  seed: relativePath.optional(),
  /** Has the server count statements, for `db.cost`. */
  statistics: z.boolean().default(false),
})

const endpoint = z.strictObject({
  kind: z.literal('endpoint'),
  ...common,
  /** Per runtime the file that is run as main and must listen on $PORT. */
  runtimes: z.partialRecord(
    z.enum(RUNTIME_NAMES),
    z.strictObject({
      entry: relativePath,
      /** Instead of the runtime's own way to run the entry file, e.g. with flags. */
      command: z.array(z.string().min(1).max(200)).min(1).max(20).optional(),
      /** Loaded before the learner's files come. Importing anything else works as well, and takes its time. */
      imports: z.array(z.enum(LOADED_AHEAD)).max(LOADED_AHEAD.length).optional(),
    }),
  ),
  services: z.strictObject({ postgres: postgres.optional() }).default({}),
  /** An OpenAPI 3.1 document that tests hold the program to (core/openapi.ts). */
  contract: relativePath.optional(),
  /** The accepted sample that tests compare the program's pace with (core/reference.ts). */
  reference: z
    .string()
    .regex(
      /^submissions\/accepted\/(?!\.)[A-Za-z0-9._-]{1,64}$/,
      'expected the folder of an accepted sample, as "submissions/accepted/indexed"',
    )
    .optional(),
  /** The weakest sandbox that the program may run in: the service's own setting may be stronger, never weaker. */
  sandbox: z.enum(SANDBOX_RUNTIMES).default('runc'),
  /** `file`: program restarted and database reset before each test file; `test`: before each test. */
  isolation: z.enum(['file', 'test']).default('file'),
})

/** How a query's rows are compared (libraries.md, "SQL comparison"). */
export const comparisonSchema = z.strictObject({
  /** `auto`: ordered only if the reference has a top-level ORDER BY; ties under its keys may permute. */
  order: z.enum(['auto', 'ordered', 'unordered']).default('auto'),
  columnNames: z.enum(['exact', 'ci', 'ignore']).default('ci'),
  columnOrder: z.enum(['exact', 'ignore']).default('exact'),
  /** Relative tolerance of numbers. */
  tolerance: z.number().min(0).max(0.1).default(1e-9),
})

const query = z.strictObject({
  kind: z.literal('query'),
  ...common,
  editable: common.editable.default(['query.sql']),
  /** `select`: the rows returned are graded; `change`: the state of the tables afterwards. */
  statement: z.enum(['select', 'change']).default('select'),
  schema: relativePath.default('schema.sql'),
  reference: relativePath.default('reference.sql'),
  comparison: comparisonSchema.default(comparisonSchema.parse({})),
  datasets: z
    .array(
      z.strictObject({
        id: slug,
        name: z.string().min(1).max(200),
        task: slug,
        file: relativePath,
        points: z.number().min(0).max(1000).default(0),
        visibility: z.enum(VISIBILITIES).default('hidden'),
        feedback: z.enum(FEEDBACK).optional(),
        category: z.string().max(80).optional(),
        hint: z.string().max(500).optional(),
        /** What the statement's plan may cost here. */
        plan: planBudgetSchema.optional(),
      }),
    )
    .min(2)
    .max(40),
})

const migration = z.strictObject({
  kind: z.literal('migration'),
  ...common,
  editable: common.editable.default(['up.sql', 'down.sql', 'steps/*.sql']),
  /** The old schema and its rows. */
  schema: relativePath.default('schema.sql'),
  seed: relativePath.optional(),
  /** The wanted schema, written out whole; `up` must lead to its equal. */
  wanted: relativePath.default('wanted.sql'),
  isolation: z.enum(['file', 'test']).default('file'),
})

/** exercise.yaml. */
export const manifestSchema = z.discriminatedUnion('kind', [endpoint, query, migration])

export type Manifest = z.infer<typeof manifestSchema>
export type EndpointManifest = z.infer<typeof endpoint>
export type QueryManifest = z.infer<typeof query>
export type MigrationManifest = z.infer<typeof migration>
export type Comparison = z.infer<typeof comparisonSchema>
