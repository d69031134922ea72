import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { GraderError } from '../../../core/errors.ts'

const run = promisify(execFile)

/** Files that no program loads; without them an image is about half as large. */
const UNLOADED = /\.(?:d\.[cm]?ts|map|md|markdown|flow)$|(?:^|\/)\.[^/]+$/

/**
 * The npm packages that `folder`/package-lock.json names, as files at `node_modules/…` of a build context. They are installed
 * here and not inside the build, where a network that re-signs TLS would be in the way; `cacheFolder` keeps them by the lock's hash.
 */
export async function npmPackages(folder: string, cacheFolder: string, log: (line: string) => void): Promise<Map<string, string>> {
  const installed = await installPackages(folder, cacheFolder, log)
  const entries = await readdir(join(installed, 'node_modules'), { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return new Map(files.map(file => [relative(installed, file), file] as const).filter(([place]) => !UNLOADED.test(place)))
}

/** The folder in which the `node_modules` of `folder`/package-lock.json stand. */
export async function installPackages(folder: string, cacheFolder: string, log: (line: string) => void): Promise<string> {
  const lock = await readFile(join(folder, 'package-lock.json'))
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 16)
  const installed = join(cacheFolder, 'npm', hash)
  if (!existsSync(installed)) {
    log('installing its npm packages')
    await install(folder, installed)
  }
  return installed
}

/** Installs beside its place and moves there, so that an interrupted installation is never taken for a whole one. */
async function install(folder: string, installed: string): Promise<void> {
  await mkdir(join(installed, '..'), { recursive: true })
  const scratch = await mkdtemp(`${installed}-`)
  try {
    for (const name of ['package.json', 'package-lock.json']) await copyFile(join(folder, name), join(scratch, name))
    // No scripts: an image's packages bring no code that runs on this machine.
    await run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: scratch })
    await rename(scratch, installed).catch(async (error: NodeJS.ErrnoException) => {
      // Another process was quicker.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } catch (error) {
    const words = (error as { stderr?: string }).stderr?.trim() || (error as Error).message
    throw new GraderError('IMAGE_PACKAGES', `npm could not install the packages of ${folder}/package-lock.json: ${words.slice(-2000)}`, {
      cause: error,
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
