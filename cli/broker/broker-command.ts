import { once } from 'node:events'
import { resolve } from 'node:path'
import { openBroker } from '../../worker/broker/broker.ts'
import { CommandError, EXIT } from '../errors.ts'
import { interruption } from '../interrupt.ts'
import { readSetupConfig } from '../setup/config.ts'

/** Runs a broker until a signal comes. Each refusal is a line of JSON on stdout: on an honest worker's side there are none. */
export async function runBroker({ listen, dockerHost, group }: { listen: string; dockerHost?: string; group?: string }): Promise<void> {
  const signal = interruption()
  const interrupted = once(signal, 'abort')
  await using broker = await openBroker({
    listen: resolve(listen.replace(/^unix:\/\//, '')),
    dockerHost: dockerHost ?? readSetupConfig().dockerHost,
    group: groupNumber(group),
    onRefused: refused => print({ level: 'warn', ...refused, msg: 'refused' }),
  })
  print({ level: 'info', address: broker.address, msg: 'broker listens' })
  await interrupted
}

function groupNumber(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  if (!/^\d{1,9}$/.test(given)) throw new CommandError(EXIT.usage, `--group: expected a group's number, got "${given}"`)
  return Number(given)
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
