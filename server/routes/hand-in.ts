import multipart from '@fastify/multipart'
import { z } from 'zod'
import { slug } from '../../core/exercise.ts'
import { SUBMISSION_RUNTIMES } from '../../core/runtimes.ts'
import { MODES, fileMapSchema } from '../../core/submission.ts'
import type { App, Deps } from '../app.ts'
import { allowed } from '../auth.ts'
import { problems } from '../problem.ts'
import { FILES_STORM, MAX_SUBMISSION_BYTES, requestHash, takeIn } from '../take-in.ts'
import { FORM_LIMITS, readUpload } from '../uploads/read-upload.ts'
import { describe, submissionSchema } from './schemas.ts'

const newSubmission = z
  .strictObject({
    exercise: slug.describe('Its slug'),
    files: fileMapSchema.describe('Path → content'),
    runtime: z.enum(SUBMISSION_RUNTIMES).optional().describe("By default the exercise's first"),
    mode: z.enum(MODES).default('submit').describe('run: the visible tests only, never counted as an attempt'),
  })
  .meta({ id: 'NewSubmission' })

/** The same as a form: what it holds as files is unpacked into the same body before that is held to the schema above. */
const newSubmissionForm = newSubmission
  .omit({ files: true })
  .extend({
    archive: z
      .string()
      .describe('The files in one: a zip, tar or tar.gz, told by its first bytes. A single folder around them is taken off if need be')
      .meta({ format: 'binary' }),
  })
  .meta({ id: 'NewSubmissionForm' })

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'expected 1 to 255 visible ASCII characters')
  .optional()
  .describe('Repeating a request under its key gives the submission that the first one made')

/** Handing in, as JSON or as a form. In a scope of its own, since nothing else takes forms. */
export async function handInRoute(app: App, deps: Deps): Promise<void> {
  await app.register(multipart, { limits: FORM_LIMITS })

  app.post(
    '/api/v1/submissions',
    {
      bodyLimit: MAX_SUBMISSION_BYTES,
      config: { rateLimit: deps.rateLimits.submissions, storm: FILES_STORM, form: newSubmissionForm },
      preValidation: async request => {
        if (request.isMultipart()) request.body = (await readUpload(request)) as typeof request.body
      },
      schema: {
        summary: 'Hand in a submission',
        tags: ['submissions'],
        headers: z.looseObject({ 'idempotency-key': idempotencyKey }),
        body: newSubmission,
        response: { 202: submissionSchema, ...problems(400, 401, 413, 415, 422, 429, 503, 507) },
      },
    },
    async (request, reply) => {
      const actor = allowed(request, 'submissions.create')
      const key = request.headers['idempotency-key']
      const given = { ...request.body, fromArchive: request.isMultipart() }
      const submission = await takeIn(deps, actor, given, key ? { key, requestHash: requestHash(request.body) } : undefined)
      request.log.info({ submissionId: submission.id, exercise: submission.slug, mode: submission.mode }, 'submission taken in')
      return reply
        .code(202)
        .header('location', `/api/v1/submissions/${submission.id}`)
        .send(describe(submission, await deps.store.placeInLine(submission.id)))
    },
  )
}
