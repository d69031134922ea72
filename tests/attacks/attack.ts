import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { KINDS, slug } from '../../core/exercise.ts'
import { OUTCOMES } from '../../core/outcome.ts'
import { readFiles } from '../../core/read-files.ts'
import { readYaml } from '../../core/read-manifest.ts'
import { MODES, type FileMap } from '../../core/submission.ts'

/** What every attack's manifest.yaml says. */
const common = {
  number: z.number().int().min(1),
  name: slug,
  /** The section of the corpus that it belongs to; SECTIONS names them. */
  section: z.number().int().min(1).max(11),
  /** What it does to get its way, and what of ours stands against it: one line each. */
  tries: z.string().min(1),
  closes: z.string().min(1),
  /** Graded without neighbours: it measures something that they would disturb. */
  alone: z.boolean().default(false),
}

/** All that may come of an attack. */
const outcomes = z.array(z.enum(OUTCOMES).exclude(['accepted', 'grader_error'])).min(1)

/** An attack that is handed in as a submission: `submission/` holds its files. */
const submissionSchema = z.strictObject({
  ...common,
  kind: z.enum(KINDS),
  /** A folder of ./exercises, or else of the library. */
  exercise: slug,
  /** All that may come of it. */
  outcomes,
  mode: z.enum(MODES).default('submit'),
  /** Points that it may not exceed. */
  earns: z.number().default(0),
  /** What must not be in anything that a learner sees, beside the CANARY- words of its exercise's hidden parts. */
  canaries: z.array(z.string().min(4)).default([]),
  /** What must not be in the whole report either, staff's part included. */
  never: z.array(z.string().min(4)).default([]),
  /** What the whole output shows when the attack was really carried out; a regular expression. */
  proof: z.string().optional(),
  /** Files that are handed in with it and stand in ./shared once: path in the submission → name there. */
  shares: z.record(z.string(), z.string()).default({}),
  /** What is otherwise in gVisor, whose kernel fills up sooner and lets a program see and do more within itself. */
  onRunsc: z
    .strictObject({ outcomes: outcomes.optional(), proof: z.string().optional(), never: z.array(z.string()).optional() })
    .default({}),
  /** How often it is graded, one after the other. */
  times: z.number().int().default(1),
  /** How many of it are graded at the same time. */
  together: z.number().int().default(1),
})

/** An attack on the running service: `attack.ts` carries it out over the API. */
const platformSchema = z.strictObject({ ...common, kind: z.literal('platform') })

const manifestSchema = z.discriminatedUnion('kind', [submissionSchema, platformSchema])

export type SubmissionAttack = z.infer<typeof submissionSchema> & { folder: string; files: FileMap }
export type PlatformAttack = z.infer<typeof platformSchema> & { folder: string }
export type Attack = SubmissionAttack | PlatformAttack

export const SECTIONS: Record<number, string> = {
  1: 'reading tests or answers',
  2: 'forging the verdict',
  3: 'detecting or overfitting',
  4: 'exhaustion',
  5: 'escape and the worker',
  6: 'uploads',
  7: 'a hostile server against the examiner',
  8: 'PostgreSQL',
  9: 'MySQL and MariaDB',
  10: 'migrations',
  11: 'output and platform',
}

/** Every attack below this folder, in order of their numbers. */
export async function readAttacks(): Promise<Attack[]> {
  const top = import.meta.dirname
  const folders = (await readdir(top)).filter(name => /^\d+-/.test(name))
  const attacks = await Promise.all(
    folders.map(async (folder): Promise<Attack> => {
      const file = join(top, folder, 'manifest.yaml')
      const manifest = readYaml(await readFile(file, 'utf8'), file, manifestSchema)
      if (manifest.kind === 'platform') return { ...manifest, folder }
      const { files } = await readFiles(join(top, folder, 'submission'))
      const shared = Object.entries(manifest.shares).map(async ([path, name]) => [path, await readFile(join(top, 'shared', name), 'utf8')])
      return { ...manifest, folder, files: { ...files, ...Object.fromEntries(await Promise.all(shared)) } }
    }),
  )
  return attacks.sort((one, other) => one.number - other.number)
}

const skippedSchema = z.array(
  z.strictObject({
    number: z.number().int(),
    name: slug,
    section: z.number().int().min(1).max(11),
    /** Why it can't be tried yet, and the feature that it comes alive with. */
    reason: z.string().min(1),
    comesWith: z.string().min(1),
  }),
)
export type SkippedAttack = z.infer<typeof skippedSchema>[number]

/** Attacks of the corpus on what Assay doesn't have yet. */
export async function readSkipped(): Promise<SkippedAttack[]> {
  const file = join(import.meta.dirname, 'skipped.yaml')
  return readYaml(await readFile(file, 'utf8'), file, skippedSchema)
}

const benignSchema = z.strictObject({
  name: slug,
  kind: z.enum(KINDS),
  exercise: slug,
  /** What honest work it does that a wall could stand in the way of. */
  does: z.string().min(1),
  proof: z.string().optional(),
})
export type Benign = z.infer<typeof benignSchema> & { files: FileMap }

/** Honest work near the walls; all of it must be accepted. */
export async function readBenign(): Promise<Benign[]> {
  const top = join(import.meta.dirname, 'benign')
  const folders = (await readdir(top, { withFileTypes: true })).filter(entry => entry.isDirectory()).map(({ name }) => name)
  return Promise.all(
    folders.sort().map(async folder => {
      const file = join(top, folder, 'manifest.yaml')
      const { files } = await readFiles(join(top, folder, 'submission'))
      return { ...readYaml(await readFile(file, 'utf8'), file, benignSchema), files }
    }),
  )
}
