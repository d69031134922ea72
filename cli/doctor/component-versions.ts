import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GraderError } from '../../core/errors.ts'
import { connectEngine } from '../../worker/sandbox/docker/engine.ts'
import { runInBox } from '../../worker/sandbox/docker/run-in-box.ts'

const EXAMINER = join(import.meta.dirname, '../../sandbox-images/examiner')

/** The version of undici that goes into the examiner's image. */
export function undiciVersion(): string {
  const lock = JSON.parse(readFileSync(join(EXAMINER, 'package-lock.json'), 'utf8')) as { packages: Record<string, { version: string }> }
  return lock.packages['node_modules/undici']!.version
}

/** The version of PostgreSQL in the image, asked of the server itself: it is the distribution's of the day when the image was made. */
export async function postgresVersion(dockerHost: string): Promise<string> {
  const spec = {
    role: 'database',
    image: 'postgres',
    runtime: 'runc',
    memoryBytes: 256 * 1024 ** 2,
    processors: 1,
    grading: 'doctor',
  } as const
  const { stdout } = await runInBox(connectEngine({ dockerHost }), spec, ['postgres', '--version'])
  const version = /\d+\.\d+/.exec(stdout)?.[0]
  if (!version) throw new GraderError('PROBE_FAILED', `expected the version of PostgreSQL, got ${JSON.stringify(stdout.slice(0, 200))}`)
  return version
}
