import { createHash } from 'node:crypto'
import { contentHash } from '../core/bundle.ts'
import { checkFiles } from '../core/files.ts'
import { LIMITS } from '../core/limits.ts'
import { runtimesOf, type SubmissionRuntime } from '../core/runtimes.ts'
import type { FileMap, Mode } from '../core/submission.ts'
import type { Deps } from './app.ts'
import type { Actor } from './policy.ts'
import { Problem, notAcceptable, pointerTo } from './problem.ts'
import type { Submission } from './store/store.ts'
import { withoutTopFolder } from './uploads/top-folder.ts'

/** As JSON the largest allowed files take somewhat more; above it the body isn't even read (413). */
export const MAX_SUBMISSION_BYTES = LIMITS.allFilesBytes.ceiling * 1.5

/** More files than any exercise takes, however they look: a name and a content for each, and some for the other fields. */
export const FILES_STORM = {
  maxStrings: 2 * LIMITS.files.ceiling + 50,
  problem: () => notAcceptable([{ pointer: '/files', detail: `expected at most ${LIMITS.files.ceiling} files, got more` }]),
}

type NewSubmission = {
  exercise: string
  files: FileMap
  runtime?: SubmissionRuntime | undefined
  mode: Mode
  /** The files came in one; by default each by its path. */
  fromArchive?: boolean
}

/**
 * Checks a submission and keeps it, with the exercise version that is current now. Throws a Problem for what isn't
 * acceptable (422), a line that is full (503) and a disk that is (507); then nothing was kept. A request that was accepted
 * before under its key gives that submission, whatever has changed since.
 */
export async function takeIn(
  { library, store, config, disk }: Deps,
  actor: Actor,
  { exercise: slug, files: given, runtime: wanted, mode, fromArchive = false }: NewSubmission,
  idempotency?: { key: string; requestHash: string },
): Promise<Submission> {
  const earlier = idempotency && (await store.byIdempotencyKey(actor.owner, idempotency.key))
  if (earlier && earlier.requestHash !== idempotency.requestHash) throw keyReused()
  if (earlier) return earlier.submission

  const exercise = library.find(slug)
  if (!exercise) throw notAcceptable([{ pointer: '/exercise', detail: `there is no exercise "${slug}"` }])
  const { manifest, bundle } = exercise
  const runtimes = runtimesOf(manifest)
  const runtime = wanted ?? runtimes[0]!
  if (!runtimes.includes(runtime))
    throw notAcceptable([{ pointer: '/runtime', detail: `expected one of ${runtimes.join(', ')}, got "${runtime}"` }])
  const entry = manifest.kind === 'endpoint' && runtime !== 'sql' ? manifest.runtimes[runtime]?.entry : undefined
  const files = fromArchive ? withoutTopFolder(given, { editable: manifest.editable, entry }) : given
  const faults = checkFiles(files, manifest.limits, manifest.editable).map(({ file, message }) => ({
    pointer: pointerToFile(file, fromArchive ? 'archive' : 'files'),
    detail: message,
  }))
  if (faults.length > 0) throw notAcceptable(faults)

  if ((await disk()).freeBytes < config.minFreeDiskBytes)
    throw new Problem(507, 'disk-full', 'The disk is full', 'The server takes nothing in until its operator frees space.')
  const accepted = await store.accept({
    owner: actor.owner,
    group: actor.group,
    slug,
    version: bundle.version,
    runtime,
    mode,
    files,
    ...(idempotency && { idempotency }),
    maxWaiting: config.maxWaiting,
  })
  // The same key may have come a second time meanwhile: the store decides.
  if (accepted.result === 'key_reused') throw keyReused()
  if (accepted.result === 'line_full')
    throw new Problem(503, 'line-full', 'Too many submissions wait', `${accepted.waiting} submissions wait; try again in a while.`, {
      headers: { 'retry-after': '30' },
    })
  return accepted.submission
}

/** What makes two requests the same. */
export function requestHash({ exercise, files, runtime, mode }: NewSubmission): string {
  return createHash('sha256')
    .update(JSON.stringify([exercise, runtime ?? null, mode, contentHash({ slug: exercise, files })]))
    .digest('hex')
}

function keyReused(): Problem {
  const detail = 'It came with another request; take a new key for this one.'
  return new Problem(422, 'key-reused', 'The Idempotency-Key was used before', detail)
}

/** checkFiles names a file in quotes, and all of them together as "files". */
function pointerToFile(named: string, field: 'archive' | 'files'): string {
  return pointerTo(named.startsWith('"') ? [field, JSON.parse(named) as string] : [field])
}
