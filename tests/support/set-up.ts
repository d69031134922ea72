import type { Progress } from '../../cli/progress.ts'
import { readSetupConfig } from '../../cli/setup/config.ts'
import { admitForStart } from '../../cli/setup/admit-engine.ts'
import { provideEngine } from '../../cli/setup/engine/engine.ts'
import { makeImages, wordsFor } from '../../cli/setup/images.ts'

/** What boxes need on this machine: an engine and the sandbox images. Returns the engine's address. */
export async function setUpBoxes(progress: Progress): Promise<string> {
  const engine = await progress.step('Engine', async step => {
    const engine = await provideEngine(readSetupConfig(), step.log)
    step.says(`Docker ${engine.version}, ${engine.why}`)
    return engine
  })
  // Tests run on whatever engine this machine has: their workers accept an old one, and what that means is said.
  await admitForStart({ dockerHost: engine.host, config: { acceptOldEngine: true }, ourPackages: true, say: progress.note })
  await progress.step('Images', async step => step.says(wordsFor(await makeImages({ dockerHost: engine.host, log: step.log }))))
  return engine.host
}
