import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { startScratchService } from '../cli/demo/scratch-service.ts'
import type { Progress } from '../cli/progress.ts'
import { readSetupConfig } from '../cli/setup/config.ts'
import { provideEngine } from '../cli/setup/engine/engine.ts'
import { makeImages, wordsFor } from '../cli/setup/images.ts'
import { openDockerSandbox } from '../worker/sandbox/docker/docker-sandbox.ts'
import type { BenchCase } from './cases.ts'
import type { DesignName } from './design.ts'
import type { Service } from './designs/api.ts'
import type { WorkerParts } from './designs/worker.ts'
import { serverFiles, type ServerFiles } from './floor/server-files.ts'
import { watchBoxes } from './measure/watch-boxes.ts'
import { byApi } from './naive/by-api.ts'
import { byCommandLine } from './naive/by-command-line.ts'
import type { Containers } from './naive/containers.ts'
import { makeNaiveImages, type NaiveImages } from './naive/images.ts'

export type Machinery = WorkerParts & { dockerHost: string }

/** Engine and images, as every command sets them up, and a sandbox whose boxes are watched. */
export async function setUp(progress: Progress): Promise<Machinery> {
  const config = readSetupConfig()
  const { host } = await progress.step('Engine', async step => {
    const found = await provideEngine(config, step.log)
    step.says(`Docker ${found.version}, ${found.why}`)
    return found
  })
  await progress.step('Images', async step => step.says(wordsFor(await makeImages({ dockerHost: host, log: step.log }))))
  const sandbox = openDockerSandbox({ dockerHost: host })
  return { dockerHost: host, sandbox, sandboxRuntime: config.runtime, boxes: watchBoxes(sandbox) }
}

/** What the designs beside the worker need, as far as they are asked for; gone with `things`. */
export type Others = { server: () => Promise<ServerFiles>; naive?: { containers: Containers; images: NaiveImages }; service?: Service }

export async function setUpOthers(
  designs: readonly DesignName[],
  cases: readonly BenchCase[],
  { dockerHost, progress, things, signal }: { dockerHost: string; progress: Progress; things: AsyncDisposableStack; signal: AbortSignal },
): Promise<Others> {
  let files: Promise<ServerFiles> | undefined
  const others: Others = { server: () => (files ??= serverFiles(dockerHost)) }
  if (designs.includes('naive'))
    others.naive = await progress.step('Naive grader', async step => {
      const containers = (await byCommandLine(dockerHost)) ?? byApi(dockerHost)
      step.says(containers.words)
      return { containers, images: things.use(await makeNaiveImages(dockerHost)) }
    })
  if (designs.includes('api')) {
    const exercisesFolder = await libraryOf(
      cases.filter(({ api }) => api),
      things,
    )
    others.service = { ...(await startScratchService({ exercisesFolder, progress, things, signal })), handedIn: 0 }
  }
  return others
}

/** A library of the exercises that are handed in, and no others, for which a pool would make pods, too. */
async function libraryOf(cases: readonly BenchCase[], things: AsyncDisposableStack): Promise<string> {
  const library = await mkdtemp(join(tmpdir(), 'assay-bench-library-'))
  things.defer(() => rm(library, { recursive: true, force: true }))
  for (const { folder } of cases) await cp(folder, join(library, basename(folder)), { recursive: true })
  return library
}
