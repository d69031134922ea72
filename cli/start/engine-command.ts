import { CommandError, EXIT } from '../errors.ts'
import { createProgress } from '../progress.ts'
import { readSetupConfig } from '../setup/config.ts'
import { provideEngine } from '../setup/engine/engine.ts'
import { findEngine } from '../setup/engine/find.ts'
import { readRecord } from '../setup/engine/record.ts'
import { stopEngine } from '../setup/engine/stop.ts'

export async function engineStatus(): Promise<void> {
  const found = await findEngine(readSetupConfig())
  if (!found) throw new CommandError(EXIT.graderFault, 'no engine answers; assay engine start finds or starts one')
  const ours = readRecord()
  print(`engine ${found.version}, ${found.why}`)
  if (ours) print(`started by assay (process ${ours.pid}, log in ${ours.log})`)
}

export async function engineStart(): Promise<void> {
  await createProgress().step('Engine', async step => {
    const { version, why } = await provideEngine(readSetupConfig(), step.log)
    step.says(`${version}, ${why}`)
  })
}

export async function engineStop(): Promise<void> {
  print((await stopEngine()) ? 'the engine that assay started has ended' : 'no engine runs that assay started; nothing was ended')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
