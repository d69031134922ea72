import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { bundleSchema } from '../../../core/bundle.ts'
import { testsSchema } from '../../../core/worker-api.ts'
import { notFound } from '../../problem.ts'
import type { Store } from '../../store/store.ts'

const params = z.strictObject({ version: bundleSchema.shape.version })

export function exerciseRoutes(app: FastifyInstance, store: Store): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get('/exercises', async () => {
    const versions = await store.exerciseVersions()
    return { items: versions.map(({ slug, version, collected, current }) => ({ slug, version, collected, current })) }
  })

  routes.get('/bundles/:version', { schema: { params } }, async request => {
    const bundle = await store.bundle(request.params.version)
    if (!bundle) throw notFound(`bundle ${request.params.version}`)
    return bundle
  })

  routes.put('/exercises/:version/tests', { schema: { params, body: testsSchema }, bodyLimit: 2 * 1024 * 1024 }, async (request, reply) => {
    const kept = await store.keepTests(request.params.version, request.body.tests)
    if (kept === 'unknown') throw notFound(`exercise version ${request.params.version}`)
    // Two workers may collect at once; the first list stands, and the second needn't know.
    return reply.code(204).send()
  })
}
