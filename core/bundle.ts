import { createHash } from 'node:crypto'
import { z } from 'zod'
import { manifestSchema, type Manifest } from './exercise.ts'
import { fileMapSchema, type FileMap } from './submission.ts'

/**
 * What a worker needs of an exercise: its manifest and its files, without `submissions/` and `starter/`; the one sample that
 * programs are compared with is below `reference/` (core/reference.ts).
 * `version` is the hash of that content; every verdict names it.
 */
export type Bundle = { slug: string; version: string; manifest: Manifest; files: FileMap }

/** As it crosses the wire: the raw manifest, parsed again where it arrives. */
export const bundleSchema = z.strictObject({
  slug: z.string().max(64),
  version: z.string().regex(/^[0-9a-f]{64}$/),
  manifest: manifestSchema,
  files: fileMapSchema,
})

export function makeBundle(slug: string, manifest: Manifest, files: FileMap): Bundle {
  return { slug, version: contentHash({ slug, files }), manifest, files }
}

/** SHA-256 over a canonical form: keys sorted, every part length-prefixed. */
export function contentHash({ slug, files }: { slug: string; files: FileMap }): string {
  const hash = createHash('sha256')
  for (const part of [
    slug,
    ...Object.keys(files)
      .sort()
      .flatMap(path => [path, files[path]!]),
  ]) {
    hash.update(`${Buffer.byteLength(part)}:`).update(part)
  }
  return hash.digest('hex')
}
