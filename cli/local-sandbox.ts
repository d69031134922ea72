import { openDockerSandbox } from '../worker/sandbox/docker/docker-sandbox.ts'
import type { Sandbox, SandboxRuntime } from '../worker/sandbox/sandbox.ts'
import { cliConfig } from './config.ts'
import type { Progress } from './progress.ts'
import { readSetupConfig } from './setup/config.ts'
import { provideEngine } from './setup/engine/engine.ts'
import { requireGVisor } from './setup/gvisor.ts'
import { makeImages, wordsFor } from './setup/images.ts'

/** A sandbox of this process's own, for grading without a server: engine and images are set up first where they are missing. */
export async function openLocalSandbox(progress: Progress): Promise<{ sandbox: Sandbox; sandboxRuntime: SandboxRuntime }> {
  const config = readSetupConfig()
  const engine = await progress.step('Engine', async step => {
    const found = await provideEngine(config, step.log)
    step.says(`Docker ${found.version}, ${found.why}`)
    return found
  })
  await progress.step('Images', async step => step.says(wordsFor(await makeImages({ dockerHost: engine.host, log: step.log }))))
  const { sandboxRuntime } = cliConfig(process.env)
  if (sandboxRuntime === 'runsc')
    await progress.step('gVisor', async step => step.says(await requireGVisor({ dockerHost: engine.host, log: step.log })))
  return { sandbox: openDockerSandbox({ dockerHost: engine.host }), sandboxRuntime }
}
