import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GraderError } from '../../../core/errors.ts'
import { ROOT } from './image-recipes.ts'

const run = promisify(execFile)
const PACKAGE = join(ROOT, 'node_modules/node')

/** The engine's word for an architecture → Node's. */
const ARCHITECTURES: Record<string, string> = { amd64: 'x64', x86_64: 'x64', arm64: 'arm64', aarch64: 'arm64' }

/** Node's version in the images: the one that the project itself runs under. */
export async function nodeVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }
  return version
}

/** The path of a Node binary for the engine's machine: the project's own where the architecture is the same, else fetched once. */
export async function nodeBinary(engineArchitecture: string, cacheFolder: string, log: (line: string) => void): Promise<string> {
  const architecture = ARCHITECTURES[engineArchitecture]
  if (!architecture) {
    throw new GraderError(
      'ENGINE_ARCHITECTURE',
      `The Docker engine runs on ${engineArchitecture}; the images can be made for amd64 and arm64`,
    )
  }
  const own = join(PACKAGE, 'bin/node')
  if (process.platform === 'linux' && process.arch === architecture && existsSync(own)) return own
  const version = await nodeVersion()
  const fetched = join(cacheFolder, `node-${version}-${architecture}`)
  if (!existsSync(fetched)) {
    log(`fetching Node ${version} for ${architecture}`)
    await fetchNode(`node-linux-${architecture}@${version}`, fetched)
  }
  return fetched
}

async function fetchNode(name: string, to: string): Promise<void> {
  await mkdir(join(to, '..'), { recursive: true })
  const scratch = await mkdtemp(`${to}-`)
  try {
    const { stdout } = await run('npm', ['pack', name, '--json', '--ignore-scripts'], { cwd: scratch })
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
    await run('tar', ['-xzf', filename, 'package/bin/node'], { cwd: scratch })
    await rename(join(scratch, 'package/bin/node'), to)
  } catch (error) {
    throw new GraderError('IMAGE_PACKAGES', `npm could not fetch ${name}, the Node binary of the images: ${(error as Error).message}`, {
      cause: error,
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
