import { stripVTControlCharacters } from 'node:util'
import { GraderError } from '../../../core/errors.ts'
import { buildContext } from './build-context.ts'
import { followNews, type EngineNews } from './engine-news.ts'
import type { Engine } from './engine.ts'

export type ImageBuild = {
  /** Name and tag that the image gets. */
  ref: string
  /** What its Dockerfile's `ARG FROM` stands for. */
  from: string
  /** What its `ARG AGENT` stands for, where it has one. */
  agent?: string
  /** The build context: path → file. */
  files: ReadonlyMap<string, string>
  /** The stage to build, where not the last. */
  target?: string
  /** Runs every command anew, whatever the engine remembers of them. */
  fresh?: boolean
  /** Whether its commands may reach the network. */
  network?: boolean
  log: (line: string) => void
}

/** An apt mirror may be slow, but a build that prints nothing for this long is stuck. */
const BUILD_TAKES_AT_MOST = 15 * 60_000

/** Builds with the engine's classic builder, which needs no plug-in on any engine. The log gets one line per stage. */
export async function buildImage(
  engine: Engine,
  { ref, from, agent, files, target, network = false, fresh = false, log }: ImageBuild,
): Promise<void> {
  const abortSignal = AbortSignal.timeout(BUILD_TAKES_AT_MOST)
  const last: string[] = []
  const hear = ({ stream, error }: EngineNews) => {
    const line = stripVTControlCharacters(stream ?? error ?? '').trimEnd()
    if (line) last.push(line)
    if (last.length > 30) last.shift()
    const stage = /^Step (\d+\/\d+) : (.*)/.exec(line)
    if (stage) log(`${stage[1]} ${stage[2]!.slice(0, 100)}`)
  }
  const stream = await engine.ask(
    `build ${ref}`,
    docker =>
      docker.buildImage(buildContext(files), {
        t: ref,
        buildargs: { FROM: from, ...(agent && { AGENT: agent }) },
        ...(target && { target }),
        labels: { 'assay.image': ref.split(':')[0]! },
        // The host's own network: an engine may be without a bridge, and a host's resolver or proxy may listen on its loopback.
        networkmode: network ? 'host' : 'none',
        nocache: fresh,
        rm: true,
        forcerm: true,
        version: '1',
        abortSignal,
      }),
    BUILD_TAKES_AT_MOST,
  )
  try {
    await followNews(stream, hear)
  } catch (error) {
    const why = abortSignal.aborted ? `it took more than ${BUILD_TAKES_AT_MOST / 60_000} minutes` : (error as Error).message
    throw new GraderError('IMAGE_BUILD', `The image ${ref} could not be built: ${why}\n${last.join('\n')}`, { cause: error })
  }
}
