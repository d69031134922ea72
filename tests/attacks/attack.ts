import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { slug } from '../../core/exercise.ts'
import { OUTCOMES } from '../../core/outcome.ts'
import { readFiles } from '../../core/read-files.ts'
import { readYaml } from '../../core/read-manifest.ts'
import { MODES, type FileMap } from '../../core/submission.ts'

/** manifest.yaml of an attack: what it is, and all that may come of it. */
const manifestSchema = z.strictObject({
  number: z.number().int(),
  name: slug,
  /** What it does to get its way, and what of ours stands against it: one line each. */
  tries: z.string().min(1),
  closes: z.string().min(1),
  /** 1 reading tests or answers · 2 forging the verdict · 4 exhaustion · 8 PostgreSQL. */
  section: z.number().int().min(1).max(11),
  kind: z.enum(['endpoint', 'query', 'migration']),
  exercise: slug,
  outcomes: z.array(z.enum(OUTCOMES)).min(1),
  mode: z.enum(MODES).default('submit'),
  /** Points that it may not exceed. */
  earns: z.number().default(0),
  /** What must not be in anything that a learner sees. */
  canaries: z.array(z.string().min(4)).default([]),
  /** What the whole output shows when the attack was really carried out. */
  proof: z.string().optional(),
  /** How often it is graded, one after the other. */
  times: z.number().int().default(1),
})

export type Attack = z.infer<typeof manifestSchema> & { folder: string; files: FileMap }

/** Every attack below this folder, in order of their numbers. */
export async function readAttacks(): Promise<Attack[]> {
  const top = import.meta.dirname
  const folders = (await readdir(top, { withFileTypes: true })).filter(entry => entry.isDirectory()).map(entry => entry.name)
  return Promise.all(
    folders.sort().map(async folder => {
      const file = join(top, folder, 'manifest.yaml')
      const { files } = await readFiles(join(top, folder, 'submission'))
      return { ...readYaml(await readFile(file, 'utf8'), file, manifestSchema), folder, files }
    }),
  )
}
