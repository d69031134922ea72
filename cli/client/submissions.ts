import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { OUTCOMES } from '../../core/outcome.ts'
import { SUBMISSION_STATES, type FileMap, type Mode } from '../../core/submission.ts'
import { CommandError, EXIT } from '../errors.ts'
import type { ShownReport } from '../render/report.ts'
import { Unreachable, type Api } from './api.ts'

/** What the command line reads of a submission; the server may say more. */
const submissionSchema = z.looseObject({
  id: z.string(),
  state: z.enum(SUBMISSION_STATES),
  outcome: z.enum(OUTCOMES).nullish(),
  score: z.looseObject({ earned: z.number(), possible: z.number() }).nullish(),
  queuePosition: z.number().nullish(),
  estimatedWaitSeconds: z.number().nullish(),
})
export type ShownSubmission = z.infer<typeof submissionSchema>

export type NewSubmission = {
  exercise: string
  /** By their paths, or all in one zip or tar. */
  files: FileMap | Buffer<ArrayBuffer>
  runtime?: string | undefined
  mode?: Mode | undefined
}

/** Hands a submission in. The key makes repeating the request after a lost answer harmless. */
export async function submit(api: Api, submission: NewSubmission, signal?: AbortSignal): Promise<ShownSubmission> {
  const request = { ...bodyOf(submission), headers: { 'idempotency-key': randomUUID() }, ...(signal && { signal }) }
  try {
    return parse(submissionSchema, await api.send('POST', '/submissions', request))
  } catch (error) {
    // Perhaps the server took it in and only its answer was lost: once more under the same key.
    if (!(error instanceof Unreachable)) throw error
    return parse(submissionSchema, await api.send('POST', '/submissions', request))
  }
}

function bodyOf({ files, ...fields }: NewSubmission): { body: unknown } | { form: FormData } {
  if (!Buffer.isBuffer(files)) return { body: { ...fields, files } }
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value)
  form.append('archive', new Blob([files]), 'archive')
  return { form }
}

export async function readSubmissionState(api: Api, id: string, signal?: AbortSignal): Promise<ShownSubmission> {
  return parse(submissionSchema, await api.send('GET', `/submissions/${encodeURIComponent(id)}`, signal && { signal }))
}

/** The report as this token may see it. */
export async function readReport(api: Api, id: string, signal?: AbortSignal): Promise<ShownReport> {
  return parse(
    shownReportSchema,
    await api.send('GET', `/submissions/${encodeURIComponent(id)}/report`, signal && { signal }),
  ) as unknown as ShownReport
}

/** Only what the terminal can't do without; everything else is looked at where it is printed. */
const shownReportSchema = z.looseObject({
  reportVersion: z.literal(1),
  exercise: z.looseObject({ slug: z.string(), title: z.string(), version: z.string() }),
  kind: z.string(),
  outcome: z.enum(OUTCOMES),
  score: z.looseObject({ earned: z.number(), possible: z.number() }),
  tests: z.array(z.looseObject({ status: z.string() })),
})

function parse<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  throw new CommandError(
    EXIT.graderFault,
    `The server's answer is not one that this version of the command line reads (${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}). Do both have the same version?`,
  )
}
