import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { IMAGE_NAMES, type ImageName } from '../../../core/runtimes.ts'
import { buildImage } from './build-image.ts'
import { hashOf } from './build-context.ts'
import { debianBase } from './debian-base.ts'
import { connectEngine, engineFacts, type Engine } from './engine.ts'
import { filesBelow, RECIPES, ROOT } from './image-recipes.ts'
import { nodeBinary, nodeVersion } from './node-binary.ts'
import { installPackages, npmPackages } from './npm-packages.ts'
import { SQUAWK_VERSION, squawkBinary } from './squawk-binary.ts'

/*
 * The sandbox images, made from sandbox-images/. An image is named by the hash of all that goes into it (`assay-node:3f2a…`),
 * so an image that is there is the right one, a changed file gives another name, and two clones never overwrite each other's.
 */
export type EnsureImages = {
  dockerHost?: string | undefined
  /** News of the work, a line at a time. */
  log: (line: string) => void
  /** These and what they stand on; by default all. */
  only?: readonly ImageName[]
  /** Makes them all anew, with the distribution's newest packages, though they are there. */
  fresh?: boolean
  /** Keeps downloads between builds. */
  cacheFolder?: string
}

/**
 * Builds the images that are not there. Throws GraderError with what to do when one can't be built;
 * MMDEBSTRAP_MISSING asks for a program that, once installed, lets another call succeed.
 */
export async function ensureImages(options: EnsureImages): Promise<{ built: ImageName[]; unchanged: ImageName[] }> {
  const { log, only = IMAGE_NAMES, fresh = false, cacheFolder = join(ROOT, '.cache') } = options
  const engine = connectEngine(options)
  const { architecture } = await engineFacts(engine)
  const refs = await imageRefs(architecture)
  const result = { built: [] as ImageName[], unchanged: [] as ImageName[] }
  for (const name of IMAGE_NAMES) {
    if (!only.includes(name) && !only.some(each => needs(each).includes(name))) continue
    if (!fresh && (await imageDigest(engine, refs[name]))) {
      result.unchanged.push(name)
      continue
    }
    const { from, agent, fetches = false } = RECIPES[name]
    log(`assay-${name}`)
    await using scratch = await temporaryFolder()
    await buildImage(engine, {
      ref: refs[name],
      from: from ? refs[from] : await debianBase(engine, { log, cacheFolder }),
      ...(agent && { agent: refs.agent }),
      network: fetches,
      fresh,
      files: await contextOf(name, { architecture, cacheFolder, scratch: scratch.path, log }),
      log: line => log(`assay-${name}: ${line}`),
    })
    result.built.push(name)
  }
  return result
}

/** Every image's name and tag for engines of this architecture, by what the sources say now. */
export async function imageRefs(architecture: string): Promise<Record<ImageName, string>> {
  const refs = {} as Record<ImageName, string>
  for (const name of IMAGE_NAMES) {
    const { node, squawk, sources } = RECIPES[name]
    const below = needs(name).map(each => refs[each])
    const hash = await hashOf(await sources(), [
      name,
      architecture,
      ...below,
      ...(node ? [await nodeVersion()] : []),
      ...(squawk ? [SQUAWK_VERSION] : []),
    ])
    refs[name] = `assay-${name}:${hash.slice(0, 16)}`
  }
  return refs
}

/** The images that are made before one, since it stands on them or takes from them. */
function needs(name: ImageName): ImageName[] {
  const { from, agent } = RECIPES[name]
  return [...(from ? [from] : []), ...(agent ? (['agent'] as const) : [])]
}

/** The engine's own digest of an image, or undefined when it isn't there. */
export async function imageDigest(engine: Engine, ref: string): Promise<string | undefined> {
  const found = await engine.ask('look for images', (docker, abortSignal) =>
    docker.listImages({ filters: JSON.stringify({ reference: [ref] }), abortSignal }),
  )
  return found[0]?.Id
}

type Making = { architecture: string; cacheFolder: string; scratch: string; log: (line: string) => void }

async function contextOf(name: ImageName, { architecture, cacheFolder, scratch, log }: Making): Promise<Map<string, string>> {
  const { npm, bundle, node, squawk, sources } = RECIPES[name]
  const files = await sources()
  const linter = squawk ? await squawkBinary(architecture, cacheFolder, log) : undefined
  if (npm && bundle) {
    const [laid, made] = [join(scratch, 'from'), join(scratch, 'to')]
    await layFiles(laid, files)
    await symlink(join(await installPackages(join(ROOT, npm), cacheFolder, log), 'node_modules'), join(laid, 'node_modules'))
    await bundle.make(laid, made)
    return new Map([
      ['Dockerfile', files.get('Dockerfile')!],
      ...(linter === undefined ? [] : [['squawk', linter] as const]),
      ...(await filesBelow(made, bundle.at)),
    ])
  }
  if (npm) for (const [place, file] of await npmPackages(join(ROOT, npm), cacheFolder, log)) files.set(place, file)
  if (node) files.set('node', await nodeBinary(architecture, cacheFolder, log))
  return files
}

async function layFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [place, file] of files) {
    const target = join(folder, place)
    await mkdir(dirname(target), { recursive: true })
    await copyFile(file, target)
  }
}

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'assay-image-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
