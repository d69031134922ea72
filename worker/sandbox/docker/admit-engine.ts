import { GraderError } from '../../../core/errors.ts'
import type { SandboxRuntime } from '../sandbox.ts'
import { connectEngine, engineFacts } from './engine.ts'
import { requireLimits } from './engine-limits.ts'
import { engineVersions, type EngineVersions } from './engine-versions.ts'
import { COMPONENTS, isBelow, OLDEST, openHoles, type Installed } from './version-floors.ts'

export type Admission = {
  dockerHost?: string | undefined
  /** ASSAY_RUNTIME. */
  runtime: SandboxRuntime
  /** ASSAY_ACCEPT_OLD_ENGINE: ways out of a box that this engine is known to have are put up with. */
  acceptOld: boolean
}

/**
 * Decides whether a worker may grade with this engine. Returns what has to be said at every start: the holes that were
 * accepted. Throws GraderError ENGINE_TOO_OLD, ENGINE_OLD, LIMITS_NOT_APPLIED or RUNTIME_MISSING with what to do, ENGINE_AWAY when none answers.
 */
export async function admitEngine({ dockerHost, runtime, acceptOld }: Admission): Promise<string[]> {
  const engine = connectEngine({ dockerHost })
  const [versions, { runtimes }] = await Promise.all([engineVersions(engine), engineFacts(engine)])
  const unusable = COMPONENTS.filter(each => versions[each] && isBelow(versions[each].version, OLDEST[each]))
  if (unusable.length > 0) {
    const words = unusable.map(each => `${each} ${nameOf(versions[each]!)} (${OLDEST[each]} or newer)`).join(', ')
    throw new GraderError('ENGINE_TOO_OLD', `The Docker engine lacks what boxes need: ${words}. Install a newer one`)
  }
  await requireLimits(engine)
  if (runtime !== 'runc' && !runtimes.includes(runtime))
    throw new GraderError(
      'RUNTIME_MISSING',
      `ASSAY_RUNTIME is ${runtime}, which the engine at ${engine.address} does not have (it has ${runtimes.join(', ')}). Run "npx assay engine gvisor" on its host`,
    )
  const open = waysOut(versions)
  if (open.length > 0 && !acceptOld)
    throw new GraderError(
      'ENGINE_OLD',
      `The Docker engine at ${engine.address} is older than known ways out of its boxes:\n${open.map(line => `  ${line}\n`).join('')}Install newer versions, or accept the risk with ASSAY_ACCEPT_OLD_ENGINE=1 (docs/operators/engine.md)`,
    )
  return open.map(line => `accepted by ASSAY_ACCEPT_OLD_ENGINE: ${line}`)
}

/** The known ways out of a box that these versions have, a line each. */
export function waysOut(versions: EngineVersions): string[] {
  return COMPONENTS.flatMap(component => {
    const installed = versions[component]
    if (!installed) return []
    return openHoles(component, installed)
      .filter(hole => hole.reach === 'box')
      .map(hole => `${component} ${nameOf(installed)} has ${hole.closes}; closed in ${[...hole.since, ...hole.packages].join(', ')}`)
  })
}

const nameOf = (installed: Installed) => installed.package ?? installed.version
