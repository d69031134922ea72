import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readExercise } from '../../core/read-exercise.ts'
import { alternate } from '../measure/alternate.ts'
import { EXERCISES } from '../measure/options.ts'
import { machineFacts, machineWords } from '../measure/machine.ts'
import { peakMemoryOfProcess } from '../measure/process-memory.ts'
import { spread } from '../measure/stats.ts'
import { table } from '../measure/table.ts'
import { mebibytes, milliseconds, times } from '../measure/words.ts'
import { layouts } from './layouts.ts'
import { processorMs, startExaminer, type Start } from './start.ts'

const HELP = `node cli/boot.mjs exec bench/examiner/run.ts -- [options]

What an examiner costs until it is ready for a submission (with SQL: until it asks for its database), from its sources and as it
stands in its image, as plain processes side by side. Node alone is the floor.

  --rounds <number>   starts of each (15)
  --json              everything as one JSON document
  --help

Takes half a minute.
`
const KINDS = { endpoint: 'reading-list', query: 'late-orders', migration: 'club-dues' }

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(HELP)
else await measure(Number(values.rounds), values.json)

async function measure(rounds: number, json: boolean): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'assay-bench-examiner-'))
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  try {
    const { sources, image } = await layouts(scratch)
    const designs: Record<string, () => Promise<Start>> = { 'Node alone': nodeAlone }
    for (const [kind, slug] of Object.entries(KINDS)) {
      const { bundle } = await readExercise(join(EXERCISES, slug))
      designs[`${kind}, from sources`] = () => startExaminer(sources, bundle, scratch)
      designs[`${kind}, as in its image`] = () => startExaminer(image, bundle, scratch)
    }
    const onRound = (round: number, of: number) => void process.stderr.write(`round ${round} of ${of}\n`)
    const figures = await alternate(designs, { rounds, uncounted: 2, signal: stop.signal, onRound })
    const machine = await machineFacts()
    if (json) process.stdout.write(`${JSON.stringify({ machine, figures }, undefined, 2)}\n`)
    else process.stdout.write(`${machineWords(machine)}\n\n${tableOf(figures)}\n`)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function tableOf(figures: Record<string, Start[]>): string {
  const rows = Object.entries(figures).map(([name, starts]) => {
    const processor = spread(starts.map(({ processorMs: ms }) => ms))
    const before = figures[name.replace('as in its image', 'from sources')]!
    const ratio = name.includes('image') ? times(processor.p50 / spread(before.map(({ processorMs: ms }) => ms)).p50) : ''
    const wall = spread(starts.map(({ wallMs }) => wallMs))
    const peak = spread(starts.map(({ peakBytes }) => peakBytes))
    return [
      name,
      ratio,
      milliseconds(processor.p50),
      `${milliseconds(processor.min)}–${milliseconds(processor.max)}`,
      milliseconds(wall.p50),
      mebibytes(peak.p50),
      String(processor.n),
    ]
  })
  return table(['', 'to sources', 'processor p50', 'min–max', 'wall p50', 'peak memory', 'N'], rows)
}

async function nodeAlone(): Promise<Start> {
  const began = performance.now()
  const child = spawn(process.execPath, ['--eval', 'process.stdin.resume(); process.stdout.write("x")'], { stdio: 'pipe' })
  const exited = new Promise(settle => child.once('exit', settle))
  await new Promise(settle => child.stdout.once('data', settle))
  const start = {
    processorMs: await processorMs(child.pid!),
    wallMs: performance.now() - began,
    peakBytes: peakMemoryOfProcess(child.pid!) ?? 0,
  }
  child.stdin.end()
  await exited
  return start
}
