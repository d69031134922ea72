import { z } from 'zod'
import { reportViewSchema, viewReport } from '../../core/report-view.ts'
import { fileMapSchema } from '../../core/submission.ts'
import { actorOf, allowed } from '../auth.ts'
import { Problem, problems } from '../problem.ts'
import type { App, Deps } from '../app.ts'
import { readable } from './readable.ts'
import { gradingSchema, submissionParams } from './schemas.ts'

const report = reportViewSchema.meta({ id: 'Report' })

export function submissionReportRoutes(app: App, { store }: Deps): void {
  app.get(
    '/api/v1/submissions/:id/report',
    {
      schema: {
        summary: 'Read what the grading found, as far as it is yours to see',
        tags: ['submissions'],
        params: submissionParams,
        response: { 200: report, ...problems(401, 404, 429) },
      },
    },
    async request => {
      const { gradingId, state } = await readable(store, request, request.params.id)
      const found = await store.report(gradingId)
      if (!found)
        throw new Problem(404, 'no-report', 'There is no report', `The submission is ${state}; a report comes when it is finished.`)
      return viewReport(found, actorOf(request))
    },
  )

  app.get(
    '/api/v1/submissions/:id/files',
    {
      schema: {
        summary: 'Read the files as they were handed in',
        tags: ['submissions'],
        params: submissionParams,
        response: { 200: z.strictObject({ files: fileMapSchema }), ...problems(401, 404, 410, 429) },
      },
    },
    async request => {
      const { id } = await readable(store, request, request.params.id)
      const files = await store.files(id)
      if (!files) throw new Problem(410, 'pruned', 'The files are gone', 'They were pruned after the time that the operator keeps them.')
      return { files }
    },
  )

  app.get(
    '/api/v1/submissions/:id/gradings',
    {
      schema: {
        summary: 'List its gradings, oldest first (staff)',
        tags: ['operators'],
        params: submissionParams,
        response: { 200: z.strictObject({ items: z.array(gradingSchema) }), ...problems(401, 403, 404, 429) },
      },
    },
    async request => {
      allowed(request, 'gradings.read')
      const { id } = await readable(store, request, request.params.id)
      const gradings = await store.gradings(id)
      return { items: gradings.map(({ submissionId: _submission, token: _token, ...grading }) => grading) }
    },
  )
}
