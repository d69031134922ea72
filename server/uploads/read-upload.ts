import type { FastifyRequest } from 'fastify'
import { Problem, type RequestFault } from '../problem.ts'
import { invalidRequest } from '../validate.ts'
import { CAPS } from './caps.ts'
import { unpack } from './unpack.ts'

/** What a form may be made of: a few short fields and one file. */
export const FORM_LIMITS = {
  fieldNameSize: 100,
  fieldSize: 1024,
  fields: 10,
  files: 1,
  parts: 11,
  headerPairs: 20,
  /** One more than is taken, so that it is seen at once and not at the end of what may have none. */
  fileSize: CAPS.archiveBytes + 1,
}

/**
 * The body of a submission that came as a form: its fields, and `files` out of the file `archive`. What the fields hold is
 * for the schema to check. Throws a Problem for a form that is none, or an archive that isn't taken.
 */
export async function readUpload(request: FastifyRequest): Promise<Record<string, unknown>> {
  if (Number(request.headers['content-length'] ?? 0) > CAPS.archiveBytes + 64 * 1024) throw tooLarge()
  const { fields, archive } = await readForm(request)
  if (!archive) throw faulty({ pointer: '/archive', detail: 'expected a file, a zip, tar or tar.gz; got none' })
  return { ...fields, files: await unpack(archive) }
}

type Form = { fields: Record<string, string>; archive: Buffer | undefined }

async function readForm(request: FastifyRequest): Promise<Form> {
  const fields = new Map<string, string>()
  let archive: Buffer | undefined
  try {
    for await (const part of request.parts()) {
      const pointer = `/${part.fieldname}`
      if (part.type === 'file') {
        if (part.fieldname !== 'archive') throw faulty({ pointer, detail: 'is unknown here; the file is called "archive"' })
        archive = await bytesOf(part.file)
      } else {
        if (['archive', 'files'].includes(part.fieldname))
          throw faulty({ pointer, detail: 'is no field of this form; send the file "archive"' })
        if (fields.has(part.fieldname)) throw faulty({ pointer, detail: 'came twice' })
        if (part.valueTruncated || part.fieldnameTruncated)
          throw faulty({ pointer, detail: `expected at most ${FORM_LIMITS.fieldSize} bytes` })
        fields.set(part.fieldname, String(part.value))
      }
    }
  } catch (error) {
    // The rest is read and thrown away, for at most as long as a request may take: a client that still sends would not hear us.
    request.raw.unpipe().resume()
    if (error instanceof Problem) throw error
    throw formFault(error as Error & { code?: string; statusCode?: number })
  }
  return { fields: Object.fromEntries(fields), archive }
}

async function bytesOf(file: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of file) {
    bytes += chunk.length
    if (bytes > CAPS.archiveBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The parser's errors in our words; whatever it can't read is the sender's. */
function formFault({ code, statusCode, message }: Error & { code?: string; statusCode?: number }): Problem {
  if (code === 'FST_FILES_LIMIT') return faulty({ pointer: '/archive', detail: 'expected one file, got more' })
  if (statusCode === 413) return faulty({ pointer: '', detail: `expected at most ${FORM_LIMITS.fields} fields and one file` })
  const detail = code === 'FST_PROTO_VIOLATION' ? 'A name in it is reserved.' : 'The body is no multipart form, or not a whole one.'
  return new Problem(400, 'invalid-request', 'The request is not as expected', undefined, {
    errors: [{ pointer: '', in: 'body', detail }],
    cause: message,
  })
}

function faulty(fault: RequestFault): Problem {
  return invalidRequest([{ ...fault, in: 'body' }])
}

function tooLarge(): Problem {
  return new Problem(413, 'too-large', 'The request is too large', `Expected an archive of at most ${CAPS.archiveBytes} bytes.`)
}
