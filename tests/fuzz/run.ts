import { fork } from 'node:child_process'
import { join } from 'node:path'
import { Command } from 'commander'
import pc from 'picocolors'
import { CommandError, endOf, EXIT } from '../../cli/errors.ts'
import { createProgress } from '../../cli/progress.ts'
import { table } from '../../cli/render/layout.ts'
import type { Account } from './child.ts'
import { TARGETS } from './targets.ts'

/*
 * What `npm run fuzz` runs: each reader of hostile bytes in a process of its own, with ten thousand cases. A crash ends that
 * process, a hang keeps it from counting on, and its memory is looked at all the while.
 */
type Options = { runs: number; seed?: number; only?: string }

/** Cases take well below a millisecond to a few; a process that gets through none for so long hangs. */
const HANGS_AFTER_MS = 30_000

const program = new Command('npm run fuzz --')
  .description('Lets ten thousand made-up cases at everything that reads hostile bytes: no crash, no hang, memory bounded.')
  .option('--runs <number>', 'cases for each reader', Number, 10_000)
  .option('--seed <number>', 'repeats the cases of an earlier run', Number)
  .option('--only <words>', 'readers whose names hold these words')
  .addHelpText('after', '\nExit codes: 0 all read or refused · 1 a reader failed; its seed and the smallest case are printed · 2 usage')
  .exitOverride()

try {
  program.parse()
  process.exitCode = await run(program.opts<Options>())
} catch (error) {
  const { exitCode, message } = endOf(error)
  if (message) process.stderr.write(`${message}\n`)
  process.exitCode = exitCode
}

async function run({ runs, seed = Date.now() % 2 ** 31, only = '' }: Options): Promise<number> {
  const chosen = TARGETS.filter(({ name }) => name.includes(only))
  if (chosen.length === 0) throw new CommandError(EXIT.usage, `no reader has "${only}" in its name`)
  const progress = createProgress()
  const accounts: Account[] = []
  for (const { name } of chosen) {
    await progress.step(name, async step => {
      const account = await fuzz(name, runs, seed, step.log)
      accounts.push(account)
      step.says(account.fault ? 'FAILED' : `${account.cases} cases`)
    })
  }
  const style = { width: process.stdout.columns ?? 140, colours: pc.createColors(process.stdout.isTTY && pc.isColorSupported) }
  const rows = accounts.map(({ name, cases, ms, grownBytes, peakBytes, fault }) => [
    name,
    String(cases),
    (ms / 1000).toFixed(1),
    `${(grownBytes / 1024 ** 2).toFixed(1)} MiB`,
    `${(peakBytes / 1024 ** 2).toFixed(0)} MiB`,
    fault ? 'FAILED' : 'held',
  ])
  const right = { align: 'right' as const }
  const columns = [
    { title: 'Reader' },
    { title: 'Cases', ...right },
    { title: 'Seconds', ...right },
    { title: 'Heap grown', ...right },
    { title: 'Peak memory', ...right },
    { title: 'State' },
  ]
  process.stdout.write(`${table(columns, rows, style).join('\n')}\n\nseed ${seed}\n`)
  for (const { name, fault } of accounts) if (fault) process.stdout.write(`\n${name}: ${fault}\n`)
  return accounts.some(({ fault }) => fault) ? EXIT.failed : EXIT.ok
}

function fuzz(name: string, runs: number, seed: number, log: (line: string) => void): Promise<Account> {
  const child = fork(join(import.meta.dirname, 'child.ts'), [name, String(runs), String(seed)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const last: Account = { name, cases: 0, ms: 0, grownBytes: 0, peakBytes: 0 }
  let words = ''
  child.stderr!.on('data', chunk => (words = (words + chunk).slice(-4000)))
  return new Promise(done => {
    const hang = setTimeout(() => {
      last.fault = `no case got done in ${HANGS_AFTER_MS / 1000} s, after ${last.cases}; seed ${seed}`
      child.kill('SIGKILL')
    }, HANGS_AFTER_MS)
    child.on('message', (news: Account) => {
      Object.assign(last, news)
      hang.refresh()
      if (news.cases % 2000 === 0) log(`${news.cases} of ${runs}`)
    })
    child.on('close', code => {
      clearTimeout(hang)
      if (code !== 0) last.fault ??= `the process ended with code ${code} after ${last.cases} cases; seed ${seed}\n${words}`
      done(last)
    })
  })
}
