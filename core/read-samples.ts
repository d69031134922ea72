import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { InvalidInput, type Finding } from './errors.ts'
import { OUTCOMES, type Outcome } from './outcome.ts'
import { readFiles } from './read-files.ts'
import { readYaml } from './read-manifest.ts'
import { SUBMISSION_RUNTIMES } from './runtimes.ts'
import type { FileMap } from './submission.ts'
import { testFactSchema } from './tests-list.ts'

/** sample.yaml: what grading a sample must find. What it doesn't name isn't held to anything. */
export const sampleSchema = z.strictObject({
  runtime: z.enum(SUBMISSION_RUNTIMES).optional(),
  /** Points earned. */
  score: z.number().min(0).optional(),
  /** The ids of exactly the tests that must fail; none other may. */
  fails: z.array(testFactSchema.shape.id).optional(),
  /** Wrong only when requests meet: `npm run bench:races` grades it again and again, and it must be caught each time. */
  racy: z.literal(true).optional(),
})

export type Sample = {
  /** `wrong_answer/no-validation`: how people and commands name it. */
  path: string
  outcome: Outcome
  name: string
  folder: string
  files: FileMap
  expects: z.infer<typeof sampleSchema>
}

/** The samples under submissions/<outcome>/<name>/, in order. Throws InvalidInput with every fault found; without the folder there are none. */
export async function readSamples(exerciseFolder: string): Promise<Sample[]> {
  const top = join(exerciseFolder, 'submissions')
  const findings: Finding[] = []
  const samples: Sample[] = []
  for (const outcome of await foldersIn(top, findings)) {
    if (!(OUTCOMES as readonly string[]).includes(outcome)) {
      findings.push({ file: join(top, outcome), message: `expected a folder named after an outcome: ${OUTCOMES.join(', ')}` })
      continue
    }
    for (const name of await foldersIn(join(top, outcome), findings)) {
      const folder = join(top, outcome, name)
      const { files, findings: faults } = await readFiles(folder)
      findings.push(...faults)
      const { 'sample.yaml': yaml, ...handedIn } = files
      try {
        const expects = yaml === undefined ? {} : readYaml(yaml, join(folder, 'sample.yaml'), sampleSchema)
        samples.push({ path: `${outcome}/${name}`, outcome: outcome as Outcome, name, folder, files: handedIn, expects })
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error
        findings.push(...error.findings)
      }
    }
  }
  if (findings.length > 0) throw new InvalidInput(findings)
  return samples
}

async function foldersIn(folder: string, findings: Finding[]): Promise<string[]> {
  let entries
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const shown = entries.filter(entry => !entry.name.startsWith('.'))
  for (const entry of shown) if (!entry.isDirectory()) findings.push({ file: join(folder, entry.name), message: 'expected a folder here' })
  return shown
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
}
