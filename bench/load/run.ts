import { runBench } from '../measure/command.ts'
import { machineFacts, machineWords } from '../measure/machine.ts'
import { openClient } from './client.ts'
import { fire } from './fire.ts'
import { gather, gatherRegrades } from './gather.ts'
import { judge, latenciesOf, memoryOf, fairness, errors, type Rush } from './judge.ts'
import { readMix, type Mix } from './mix.ts'
import { HELP, readOptions, type Options } from './options.ts'
import { ownersOf, planRush, type Planned } from './plan-rush.ts'
import { render } from './render.ts'
import { startLoadService } from './service.ts'

/*
 * Two rushes with one seed, one after the other, each at a service of its own: what the flood changes is the flood's.
 */
await runBench('bench:load', async signal => {
  const options = readOptions(process.argv.slice(2))
  if (options) await run(options, signal)
  else process.stdout.write(`${HELP}\n`)
})

async function run(given: Options, signal: AbortSignal): Promise<void> {
  const { seed, submissions, owners, windowMs } = given
  const shape = { seed, submissions, owners, windowMs }
  const mix = await readMix(given.library)
  const plain = await rush('plain', planRush(shape), { mix, given, signal })
  // Of the smallest group: there a flood could take most from the others.
  const owner = ownersOf(owners)['course-c'][0]!
  const plan = planRush({ ...shape, flood: { owner, submissions: given.flood, atMs: Math.round(windowMs * 0.3) } })
  const flood = await rush('flood', plan, { mix, given, signal })
  const lines = judge(plain, flood)
  const machine = await machineFacts()
  if (given.json)
    process.stdout.write(
      `${JSON.stringify({ machine, options: given, lines, plain: figures(plain), flood: figures(flood), ratios: fairness(plain, flood) })}\n`,
    )
  else process.stdout.write(`${machineWords(machine)}\n${wordsOf(given)}\n\n${render({ plain, flood, lines })}\n`)
  if (lines.some(line => !line.met)) process.exitCode = 1
}

async function rush(
  name: string,
  plan: readonly Planned[],
  { mix, given, signal }: { mix: Mix; given: Options; signal: AbortSignal },
): Promise<Rush> {
  const say = (line: string) => process.stderr.write(`${name}: ${line}\n`)
  await using things = new AsyncDisposableStack()
  const owners = [...Map.groupBy(plan, each => each.owner)].map(([owner, own]) => ({
    owner,
    group: own[0]!.group,
    submissions: own.length,
  }))
  const service = await startLoadService({ owners, mix, regrades: given.regrades }, { things, signal, say })
  say(`ready at ${service.url}`)
  const client = things.use(openClient(service.url))
  const fired = await fire({ plan, mix, service, client, seed: given.seed, minutes: given.minutes, signal, say })
  const latencies = structuredClone(client.latencies)
  const ended = await gather(fired.handed, { service, client })
  const regrades = await gatherRegrades({ service, client })
  say(`over after ${Math.round((Date.now() - fired.startedAt) / 1000)} s`)
  const { refused, told, memory, cut } = fired
  return { ended, refused, told, memory, cut, latencies, regrades, slots: service.slots }
}

function figures(rush: Rush) {
  const { ended, refused, cut } = rush
  return { ended, refused, cut, errors: errors(rush), latencies: latenciesOf(rush), memory: memoryOf(rush), regrades: rush.regrades }
}

function wordsOf({ submissions, owners, flood, seed, windowMs, regrades, library }: Options): string {
  return `${submissions} submissions of ${owners} owners in ${windowMs / 1000} s, seed ${seed}, ${regrades} regrades waiting, samples of ${library}; the second time with ${flood} more of one owner at once`
}
