import { createHash } from 'node:crypto'
import swagger from '@fastify/swagger'
import reference from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body as multipart/form-data, where that is taken too. */
    form?: z.ZodType
  }
}

/** Collects the routes that are added after it into one OpenAPI document. */
export async function collectApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Assay',
        version,
        description: 'Grades hands-on backend exercises for real: endpoints, SQL queries and migrations.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: [
        { name: 'exercises', description: 'What can be solved' },
        { name: 'submissions', description: 'Handing in, following, reading the verdict' },
        { name: 'operators', description: 'Running the service' },
      ],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'An API token, asy_…' } } },
      security: [{ token: [] }],
    },
    transform: given => {
      const { schema, url } = jsonSchemaTransform(given)
      const { open, tokenHelps, form } = given.route.config ?? {}
      const security: Record<string, string[]>[] = tokenHelps ? [{}, { token: [] }] : []
      const asForm = form ? jsonSchemaTransform({ ...given, schema: { body: form } }).schema.body : undefined
      const body = asForm !== undefined && {
        body: { content: { 'application/json': { schema: schema.body }, 'multipart/form-data': { schema: asForm } } },
      }
      return { url, schema: { ...schema, ...body, ...(open && { security }), operationId: operationId(given.route.method, url) } }
    },
    transformObject: given => withoutUnused(jsonSchemaTransformObject(given) as OpenApi) as ReturnType<typeof jsonSchemaTransformObject>,
  })
}

/** getSubmissionsIdReport: stable names for generated clients. */
function operationId(method: string | string[], url: string): string {
  const words = url
    .replace('/api/v1', '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
  return [String(method).toLowerCase(), ...words.map(word => word[0]!.toUpperCase() + word.slice(1))].join('')
}

type OpenApi = { paths?: object; components?: { schemas?: Record<string, unknown> } }

/**
 * Every named schema comes twice, as it is sent and as it is taken (…Input). Only what some route refers to stays, and an
 * input that has its name for itself loses the suffix.
 */
function withoutUnused(document: OpenApi): OpenApi {
  const schemas = document.components?.schemas ?? {}
  const used = new Set<string>()
  const visit = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part ?? {}).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name!)) continue
      used.add(name!)
      visit(schemas[name!])
    }
  }
  visit(document.paths)
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)))
  let text = JSON.stringify({ ...document, components: { ...document.components, schemas: kept } })
  for (const name of used) {
    const bare = name.replace(/Input$/, '')
    if (bare !== name && !used.has(bare))
      text = text.replaceAll(`"#/components/schemas/${name}"`, `"#/components/schemas/${bare}"`).replace(`"${name}":`, `"${bare}":`)
  }
  return JSON.parse(text) as OpenApi
}

/** /openapi.json and a page to browse it, both open: they tell nothing of any exercise. */
export async function serveDocs(app: FastifyInstance): Promise<void> {
  let document: object | undefined
  app.get('/openapi.json', { config: { open: true }, schema: { hide: true } }, () => (document ??= app.swagger()))

  await app.register(async page => {
    page.addHook('onRoute', route => {
      route.config = { ...route.config, open: true }
    })
    page.addHook('onSend', async (_request, reply, payload) => {
      if (String(reply.getHeader('content-type')).startsWith('text/html'))
        reply.header('content-security-policy', pagePolicy(String(payload)))
      return payload
    })
    await page.register(reference, {
      routePrefix: '/reference',
      configuration: {
        url: '/openapi.json',
        pageTitle: 'Assay API',
        // Nothing is fetched from elsewhere: no fonts, no proxy, no telemetry, no assistant.
        withDefaultFonts: false,
        telemetry: false,
        showDeveloperTools: 'never',
        hideClientButton: true,
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    })
  })
}

/** The page's own inline script is allowed by its hash; it sets styles on its elements itself. */
function pagePolicy(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script!)
  const hashes = inline.map(script => `'sha256-${createHash('sha256').update(script).digest('base64')}'`)
  return [
    "default-src 'none'",
    ["script-src 'self'", ...hashes].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
