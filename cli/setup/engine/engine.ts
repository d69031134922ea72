import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { GraderError } from '../../../core/errors.ts'
import { DEFAULT_ENGINE } from '../../../worker/sandbox/docker/engine.ts'
import { findProgram } from '../find-program.ts'
import { holdLock } from '../lock.ts'
import { canInstallPackages, installPackages, systemName } from '../packages.ts'
import { startDockerd } from './dockerd.ts'
import { askVersion, findEngine, type EngineSettings, type FoundEngine } from './find.ts'

type Log = (line: string) => void

/** The ladder: DOCKER_HOST or a socket that answers; an installed dockerd, started; one from packages; else what to do. */
export async function provideEngine(settings: EngineSettings, log: Log): Promise<FoundEngine> {
  const found = await findEngine(settings)
  if (found) return found
  // An engine that was named is the operator's to start, unless it is the one that we would start.
  if (settings.dockerHost && settings.dockerHost !== DEFAULT_ENGINE)
    throw new GraderError(
      'ENGINE_AWAY',
      `no engine answers at DOCKER_HOST (${settings.dockerHost}); start it, or unset DOCKER_HOST to have one found or started`,
    )
  if (process.getuid?.() !== 0) throw cannotStart('only root can start one')
  await using _lock = await holdLock('/run/lock/assay-engine')
  // Another command may have started it while we waited for the lock.
  const meanwhile = await findEngine(settings)
  if (meanwhile) return meanwhile
  let why = 'installed but not running'
  if (!findProgram('dockerd')) {
    if (!canInstallPackages()) throw cannotStart(`${systemName()} is not a system whose packages we install`)
    await installPackages(['docker.io', 'iptables'], log)
    why = `installed from ${systemName()}'s packages`
  }
  const version = await start(log)
  return { host: DEFAULT_ENGINE, version, why: `${why}, started now; it stays until "assay engine stop"` }
}

async function start(log: Log): Promise<string> {
  if (existsSync('/run/systemd/system')) {
    log('systemctl start docker')
    execFileSync('systemctl', ['start', 'docker'], { stdio: ['ignore', 2, 2] })
    const version = await askVersion(DEFAULT_ENGINE)
    if (version !== undefined) return version
    throw new GraderError('ENGINE_START', 'systemctl started docker, but it does not answer; see journalctl -u docker')
  }
  log('starting dockerd')
  return startDockerd(findProgram('dockerd')!, DEFAULT_ENGINE, log)
}

function cannotStart(reason: string): GraderError {
  return new GraderError(
    'ENGINE_MISSING',
    `no Docker engine answers at ${DEFAULT_ENGINE}, and ${reason}. Install and start Docker Engine 20.10 or newer (Debian and Ubuntu: apt-get install docker.io), or set DOCKER_HOST`,
  )
}
