import { CommandError, EXIT } from '../errors.ts'
import { createProgress } from '../progress.ts'
import { readSetupConfig } from '../setup/config.ts'
import { provideEngine } from '../setup/engine/engine.ts'
import { findEngine } from '../setup/engine/find.ts'
import { readRecord } from '../setup/engine/record.ts'
import { stopEngine } from '../setup/engine/stop.ts'
import { provideGVisor, removeGVisor } from '../setup/gvisor.ts'

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

/** Brings gVisor to an engine that runs already; one that doesn't is not started for it. */
export async function engineGVisor({ remove }: { remove: boolean }): Promise<void> {
  const found = await findEngine(readSetupConfig())
  if (!found) throw new CommandError(EXIT.graderFault, 'no engine answers; assay engine start finds or starts one')
  if (remove) {
    const removed = await removeGVisor(found.host)
    print(removed.length > 0 ? `removed: ${removed.join(', ')}` : 'nothing of gVisor is there that could be removed; nothing was changed')
    return
  }
  const gVisor = await createProgress().step('gVisor', async step => {
    const gVisor = await provideGVisor({ dockerHost: found.host, log: step.log })
    if (!gVisor.available) throw new CommandError(EXIT.graderFault, gVisor.reason)
    step.says(gVisor.changed.length > 0 ? 'the engine has it, and a box on it ran' : 'the engine had it already, and a box on it ran')
    return gVisor
  })
  for (const change of gVisor.changed) print(`added ${change}`)
  if (gVisor.changed.length > 0) print('to undo this: npx assay engine gvisor --remove')
  print('learners’ programs run in it with ASSAY_RUNTIME=runsc, or where an exercise says "sandbox: runsc"')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
