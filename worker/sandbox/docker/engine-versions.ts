import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Engine } from './engine.ts'
import { COMPONENTS, type Component, type Installed } from './version-floors.ts'

const run = promisify(execFile)
const NAMES: Record<Component, string> = { engine: 'Engine', runc: 'runc', containerd: 'containerd' }

export type EngineVersions = Partial<Record<Component, Installed>>

/** What the engine consists of, by its own word; the package of an engine on this machine by dpkg's. */
export async function engineVersions(engine: Engine): Promise<EngineVersions> {
  const { Components } = await engine.ask('tell its version', docker => docker.version(), 5000)
  const versions: EngineVersions = {}
  for (const component of COMPONENTS) {
    const told = Components.find(({ Name }) => Name === NAMES[component])
    if (!told) continue
    const packaged = component === 'engine' ? await dockerPackage(engine) : (told.Details as { GitCommit?: string } | undefined)?.GitCommit
    // Some engines write "v2.1.5".
    const version = told.Version.replace(/^v/, '')
    versions[component] = { version, ...(isPackageOf(version, packaged) && { package: packaged }) }
  }
  return versions
}

/** Debian builds runc and containerd with the package's version for the commit; what upstream builds tells a hash. */
function isPackageOf(version: string, packaged: string | undefined): packaged is string {
  return packaged !== undefined && packaged.startsWith(version) && packaged[version.length] === '-'
}

async function dockerPackage({ address }: Engine): Promise<string | undefined> {
  if (!address.startsWith('unix://')) return undefined
  return run('dpkg-query', ['--show', '--showformat=${Version}', 'docker.io']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
}
