import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Docker from 'dockerode'
import { connectEngine, engineFacts } from '../../../worker/sandbox/docker/engine.ts'
import { hostConfig } from '../../../worker/sandbox/docker/host-config.ts'
import { imageRefs } from '../../../worker/sandbox/docker/images.ts'
import { runInBox } from '../../../worker/sandbox/docker/run-in-box.ts'
import type { BoxSpec } from '../../../worker/sandbox/sandbox.ts'

/*
 * Prints what a box of this tree's profile sees of itself, and what the engine says of it, as one line of JSON: a name
 * and a value for each fact. `npm run attacks:matrix` runs it with and without a control and compares.
 */
const spec: BoxSpec = { role: 'subject', image: 'node', runtime: 'runc', memoryBytes: 192 * 1024 ** 2, processors: 0.75, grading: 'matrix' }
const engine = connectEngine({})
const script = await readFile(join(import.meta.dirname, 'facts-inside.mjs'), 'utf8')
const seen = await runInBox(engine, spec, ['node', '--input-type=module', '--eval', script]).then(
  ({ exitCode, stdout, stderr }) =>
    exitCode === 0 ? { ...JSON.parse(stdout), 'ends by itself': 'yes' } : { 'ends by itself': `${exitCode}: ${stderr}` },
  (error: Error) => ({ 'ends by itself': error.message }),
)
console.log(JSON.stringify({ ...seen, ...(await toldByTheEngine()) }))

/** What can't be seen from inside: a box that is made, looked at, and never started. */
async function toldByTheEngine(): Promise<Record<string, unknown>> {
  const { architecture } = await engineFacts(engine)
  const docker = new Docker()
  const container = await docker.createContainer(
    hostConfig(spec, { imageRef: (await imageRefs(architecture)).node, architecture, labels: {} }),
  )
  try {
    const { HostConfig } = await container.inspect()
    return { 'log driver': HostConfig.LogConfig, 'restart policy': HostConfig.RestartPolicy, 'ipc mode': HostConfig.IpcMode }
  } finally {
    await container.remove({ force: true })
  }
}
