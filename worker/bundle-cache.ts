import { bundleSchema, contentHash, type Bundle } from '../core/bundle.ts'
import { GraderError } from '../core/errors.ts'
import { readManifest } from '../core/read-manifest.ts'

/*
 * The exercises that this worker grades, fetched from the server by content hash and kept in memory: a version never
 * changes. Not on disk: a fetch is one request of some tens of kilobytes, a few milliseconds for each version after a
 * start, and a copy on disk would be one more thing to check, to bound and to clean up.
 */

/** Bytes of text kept; what was asked for least lately goes first. Twenty of the largest exercises, thousands of usual ones. */
const KEPT_BYTES = 64 * 1024 * 1024

export class BundleCache {
  readonly #fetch: (version: string) => Promise<unknown>
  readonly #keptBytes: number
  /** From the least to the most lately asked for. */
  readonly #kept = new Map<string, { bundle: Bundle; bytes: number }>()
  readonly #coming = new Map<string, Promise<Bundle>>()
  #bytes = 0

  /** `fetch` gets what the server says of a version, as it came. */
  constructor(fetch: (version: string) => Promise<unknown>, { keptBytes = KEPT_BYTES }: { keptBytes?: number } = {}) {
    this.#fetch = fetch
    this.#keptBytes = keptBytes
  }

  /** The bundle of this content hash; asked for at once by several gradings, it is fetched once. */
  async get(version: string): Promise<Bundle> {
    const kept = this.#kept.get(version)
    if (kept) {
      this.#kept.delete(version)
      this.#kept.set(version, kept)
      return kept.bundle
    }
    const coming = this.#coming.get(version) ?? this.#take(version).finally(() => this.#coming.delete(version))
    this.#coming.set(version, coming)
    return coming
  }

  async #take(version: string): Promise<Bundle> {
    const bundle = checkedBundle(await this.#fetch(version), version)
    const bytes = Object.entries(bundle.files).reduce((sum, [path, text]) => sum + path.length + Buffer.byteLength(text), 0)
    this.#kept.set(version, { bundle, bytes })
    this.#bytes += bytes
    for (const [oldest, { bytes: freed }] of this.#kept) {
      // One that is larger than all the room is kept while nobody asks for another.
      if (this.#bytes <= this.#keptBytes || oldest === version) break
      this.#kept.delete(oldest)
      this.#bytes -= freed
    }
    return bundle
  }
}

/**
 * What came, if it is what was asked for: its content gives the version, and its manifest is read from that content.
 * Throws GraderError BUNDLE_BROKEN otherwise, since a verdict names the version and must have been made by it.
 */
export function checkedBundle(came: unknown, version: string): Bundle {
  const parsed = bundleSchema.safeParse(came)
  if (!parsed.success)
    throw broken(version, `it is no bundle (${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message})`)
  const { slug, files } = parsed.data
  const hash = contentHash({ slug, files })
  if (hash !== version) throw broken(version, `its content is that of ${hash}`)
  const yaml = files['exercise.yaml']
  if (yaml === undefined) throw broken(version, 'it holds no exercise.yaml')
  return { slug, version, manifest: readManifest(yaml, `exercise.yaml of ${slug}`), files }
}

function broken(version: string, why: string): GraderError {
  return new GraderError(
    'BUNDLE_BROKEN',
    `the server sent something else for exercise version ${version}: ${why}. Worker and server must be of the same Assay version, and nothing between them may change what they say`,
  )
}
