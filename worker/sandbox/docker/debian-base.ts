import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GraderError } from '../../../core/errors.ts'
import { followNews } from './engine-news.ts'
import type { Engine } from './engine.ts'

const run = promisify(execFile)

const PULLED = 'debian:trixie-slim'
const MADE = 'assay-debian:trixie'
/** Where no image registry is in reach a name look-up may hang for as long as it likes. */
const REGISTRY_ANSWERS_WITHIN = 8_000
const PULL_TAKES_AT_MOST = 300_000
const WHAT_THE_SLIM_IMAGE_LEAVES_OUT = [
  'path-exclude=/usr/share/doc/*',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/locale/*',
]

/**
 * The Debian that all images stand on: one that is here, else pulled, else, where no image registry answers,
 * made from Debian's packages and imported. Returns its name in the engine.
 */
export async function debianBase(
  engine: Engine,
  { log, cacheFolder }: { log: (line: string) => void; cacheFolder: string },
): Promise<string> {
  for (const name of [PULLED, MADE]) if (await isHere(engine, name)) return name
  log(`pulling ${PULLED}`)
  try {
    await pull(engine)
    return PULLED
  } catch (error) {
    if (error instanceof GraderError && error.code !== 'ENGINE_REFUSED') throw error
    log(`no image registry answers (${(error as Error).message.slice(0, 120)}); making the same base from Debian's packages`)
  }
  await make(engine, cacheFolder, log)
  return MADE
}

async function isHere(engine: Engine, name: string): Promise<boolean> {
  return engine
    .ask(`look for ${name}`, docker => docker.getImage(name).inspect())
    .then(
      () => true,
      (error: GraderError) => {
        if (error.code === 'IMAGE_MISSING') return false
        throw error
      },
    )
}

/** Pulls; gives up when nothing at all has come after a few seconds. */
async function pull(engine: Engine): Promise<void> {
  const stop = new AbortController()
  const silence = setTimeout(() => stop.abort(new Error('no answer')), REGISTRY_ANSWERS_WITHIN)
  const most = setTimeout(() => stop.abort(new Error('the pull took too long')), PULL_TAKES_AT_MOST)
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  stop.signal.addEventListener('abort', () => reject(stop.signal.reason as Error))
  try {
    const pulling = async () => {
      const stream = await engine.docker.pull(PULLED, { abortSignal: stop.signal })
      await followNews(stream, () => clearTimeout(silence))
    }
    await Promise.race([pulling(), stopped])
  } finally {
    clearTimeout(silence)
    clearTimeout(most)
  }
}

async function make(engine: Engine, cacheFolder: string, log: (line: string) => void): Promise<void> {
  if (!(await hasMmdebstrap())) {
    throw new GraderError(
      'MMDEBSTRAP_MISSING',
      `No image registry answers and mmdebstrap is not installed. Install it ("apt-get install mmdebstrap debian-archive-keyring"), or make ${PULLED} available to the engine ("docker load")`,
    )
  }
  await mkdir(cacheFolder, { recursive: true })
  const scratch = await mkdtemp(join(cacheFolder, 'debian-'))
  try {
    const tar = join(scratch, 'trixie.tar')
    log('collecting Debian 13 (mmdebstrap)')
    const left = WHAT_THE_SLIM_IMAGE_LEAVES_OUT.map(option => `--dpkgopt=${option}`)
    await run('mmdebstrap', ['--variant=minbase', '--include=ca-certificates', '--quiet', ...left, 'trixie', tar], { maxBuffer: 2 ** 26 })
    log('importing it')
    const [repo, tag] = MADE.split(':')
    const stream = await engine.ask('import the base image', docker => docker.importImage(tar, { repo, tag }), 300_000)
    await followNews(stream)
  } catch (error) {
    if (error instanceof GraderError) throw error
    const words = (error as { stderr?: string }).stderr?.trim() || (error as Error).message
    throw new GraderError('BASE_IMAGE_UNAVAILABLE', `The base image could not be made from Debian's packages: ${words.slice(-2000)}`, {
      cause: error,
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function hasMmdebstrap(): Promise<boolean> {
  return run('mmdebstrap', ['--version']).then(
    () => true,
    () => false,
  )
}
