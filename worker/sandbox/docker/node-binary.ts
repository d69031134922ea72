import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './image-recipes.ts'
import { fetchNpmBinary, npmArchitecture } from './npm-binary.ts'

const PACKAGE = join(ROOT, 'node_modules/node')

/** Node's version in the images: the one that the project itself runs under. */
export async function nodeVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }
  return version
}

/** The path of a Node binary for the engine's machine: the project's own where the architecture is the same, else fetched once. */
export async function nodeBinary(engineArchitecture: string, cacheFolder: string, log: (line: string) => void): Promise<string> {
  const architecture = npmArchitecture(engineArchitecture)
  const own = join(PACKAGE, 'bin/node')
  if (process.platform === 'linux' && process.arch === architecture && existsSync(own)) return own
  const version = await nodeVersion()
  const fetched = join(cacheFolder, `node-${version}-${architecture}`)
  if (!existsSync(fetched)) {
    log(`fetching Node ${version} for ${architecture}`)
    const name = `node-linux-${architecture}@${version}`
    await fetchNpmBinary({ name, path: 'bin/node', words: 'the Node binary of the images' }, fetched)
  }
  return fetched
}
