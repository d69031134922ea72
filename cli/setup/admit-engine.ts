import { execFileSync } from 'node:child_process'
import { admitEngine } from '../../worker/sandbox/docker/admit-engine.ts'
import { connectEngine, DEFAULT_ENGINE } from '../../worker/sandbox/docker/engine.ts'
import { engineVersions } from '../../worker/sandbox/docker/engine-versions.ts'
import type { SetupConfig } from './config.ts'
import { systemName } from './packages.ts'

type Options = {
  dockerHost: string
  config: Pick<SetupConfig, 'acceptOldEngine'>
  /** Whether one of this machine's packages is accepted where nobody has said. A worker alone is an operator's, who says it. */
  ourPackages: boolean
  say: (line: string) => void
}

/**
 * Asks what the worker will ask, before anything is built for it. Where nobody has said whether an old engine is accepted,
 * one of this machine's own packages may be, so that a first start on a bare Debian works; what that means is said every time.
 * Returns ASSAY_ACCEPT_OLD_ENGINE for the worker; throws GraderError where the engine is refused.
 */
export async function admitForStart({ dockerHost, config, ourPackages, say }: Options): Promise<'0' | '1'> {
  const unasked = config.acceptOldEngine === undefined
  const acceptOld = config.acceptOldEngine ?? (ourPackages && (await isOfOurPackages(dockerHost)))
  const accepted = await admitEngine({ dockerHost, runtime: 'runc', acceptOld })
  for (const line of accepted) say(line)
  if (accepted.length > 0 && unasked)
    say(`set here because the engine comes from the packages of ${systemName()}; ASSAY_ACCEPT_OLD_ENGINE=0 refuses it`)
  return acceptOld ? '1' : '0'
}

/** Whether the engine is this machine's, with the runc that its package manager has installed. */
async function isOfOurPackages(dockerHost: string): Promise<boolean> {
  if (dockerHost !== DEFAULT_ENGINE) return false
  const { runc } = await engineVersions(connectEngine({ dockerHost }))
  if (runc?.package === undefined) return false
  try {
    return execFileSync('dpkg-query', ['--show', '--showformat=${Version}', 'runc'], { encoding: 'utf8' }).trim() === runc.package
  } catch {
    return false
  }
}
