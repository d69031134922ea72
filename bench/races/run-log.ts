import { appendFile, readFile, truncate } from 'node:fs/promises'
import { z } from 'zod'
import { OUTCOMES } from '../../core/outcome.ts'

const runSchema = z.strictObject({
  exercise: z.string(),
  sample: z.string(),
  /** The hash of the exercise's and the sample's files: a run of other files says nothing of these. */
  files: z.string(),
  seed: z.number(),
  /** `caught`: a test of a racy sample failed, and the rest was not asked for. */
  outcome: z.enum([...OUTCOMES, 'caught']),
  /** The ids of the tests that failed. */
  failed: z.array(z.string()),
  gradeMs: z.number(),
})

/** One grading of one sample. */
export type Run = z.infer<typeof runSchema>

/** The runs that a file holds, a line each; none where there is no such file. A last line that was cut off while it was written is taken away. */
export async function readRuns(file: string): Promise<Run[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) await truncate(file, Buffer.byteLength(whole))
  return whole
    .split('\n')
    .filter(line => line !== '')
    .map(line => runSchema.parse(JSON.parse(line)))
}

export async function keepRun(file: string, run: Run): Promise<void> {
  await appendFile(file, `${JSON.stringify(run)}\n`)
}
