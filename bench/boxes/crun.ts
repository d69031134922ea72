import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { buildImage } from '../../worker/sandbox/docker/build-image.ts'
import type { Engine } from '../../worker/sandbox/docker/engine.ts'

/** How daemon.json names a runtime. */
export type RuntimeEntry = { path: string; runtimeArgs: string[] }

const REF = 'assay-bench-crun:1'

/**
 * Debian 13's crun, started by its own loader with its own libraries, so that it runs on a host that is older; the folder it
 * stands in is removed with the stack. Throws where it can't be fetched.
 */
export async function fetchCrun(engine: Engine, base: string, things: AsyncDisposableStack): Promise<RuntimeEntry> {
  const files = new Map([['Dockerfile', join(import.meta.dirname, 'crun/Dockerfile')]])
  await buildImage(engine, { ref: REF, from: base, files, network: true, log: () => {} })
  const folder = mkdtempSync(join(tmpdir(), 'assay-crun-'))
  things.defer(() => rmSync(folder, { recursive: true }))
  const container = await engine.docker.createContainer({ Image: REF, Cmd: ['true'] })
  try {
    const archive = join(folder, 'crun.tar')
    await writeFile(archive, await buffer(await container.getArchive({ path: '/crun' })))
    await promisify(execFile)('tar', ['--extract', `--file=${archive}`, `--directory=${folder}`])
  } finally {
    await container.remove()
    await engine.docker.getImage(REF).remove()
  }
  const at = (name: string) => join(folder, 'crun', name)
  return { path: at('ld.so'), runtimeArgs: ['--library-path', join(folder, 'crun'), at('crun')] }
}
