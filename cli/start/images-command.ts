import { createProgress } from '../progress.ts'
import { readSetupConfig } from '../setup/config.ts'
import { provideEngine } from '../setup/engine/engine.ts'
import { makeImages, wordsFor } from '../setup/images.ts'

/** `assay images`. */
export async function imagesCommand({ json, fresh }: { json: boolean; fresh: boolean }): Promise<void> {
  const progress = createProgress()
  const engine = await progress.step('Engine', async step => {
    const found = await provideEngine(readSetupConfig(), step.log)
    step.says(`Docker ${found.version}, ${found.why}`)
    return found
  })
  const made = await progress.step('Images', async step => {
    const made = await makeImages({ dockerHost: engine.host, log: step.log, fresh })
    step.says(wordsFor(made))
    return made
  })
  if (json) process.stdout.write(`${JSON.stringify(made)}\n`)
}
