import { DESIGNS, type DesignName } from './design.ts'
import { goalsOf } from './goals.ts'
import { machineWords } from './measure/machine.ts'
import { table } from './measure/table.ts'
import { digits, mebibytes, milliseconds, times } from './measure/words.ts'
import { best, type CaseResult, type Results } from './results.ts'

/** Everything a run has found, as plain text; ratios first. */
export function resultLines(results: Results): string {
  const head = [
    machineWords(results.machine, results.sandboxRuntime),
    `${results.takenAt}${results.commit ? `, commit ${results.commit}` : ''}${results.naive ? `; naive by ${results.naive}` : ''}`,
  ]
  return [head.join('\n'), ...results.cases.map(caseLines), goalLines(results)].filter(Boolean).join('\n\n')
}

export function caseLines(of: CaseResult): string {
  const broken = of.brokenOff && `Broken off: ${of.brokenOff}`
  return [`━━ ${of.name}: ${of.title}`, broken, latencyTable(of), saturationTable(of), phaseTable(of), processorTable(of)]
    .filter(Boolean)
    .join('\n\n')
}

function latencyTable({ latency }: CaseResult): string {
  const { floor } = latency
  const rows = DESIGNS.flatMap(name => {
    const spread = latency[name]
    if (!spread) return []
    const ratio = floor ? times(spread.p50 / floor.p50) : ''
    return [[name, ratio, ...[spread.p50, spread.p95, spread.min, spread.max].map(milliseconds), String(spread.n)]]
  })
  return rows.length > 0 ? table(['one at a time', '× floor', 'p50', 'p95', 'min', 'max', 'N'], rows) : ''
}

function saturationTable({ saturation }: CaseResult): string {
  const [floor, naive] = [best(saturation.floor), best(saturation.naive)]
  const rows = DESIGNS.flatMap(name =>
    (saturation[name] ?? []).map(run => [
      `${name}, ${run.inFlight} in flight${run === best(saturation[name]) && saturation[name]!.length > 1 ? ' *' : ''}`,
      naive ? times(run.perMinute / naive.perMinute) : '',
      digits(run.perMinute),
      floor ? times(run.secondsEach / floor.secondsEach) : '',
      `${(run.secondsEach * 1000).toFixed(0)} ms`,
      run.bytesPerSlot === undefined ? '–' : mebibytes(run.bytesPerSlot),
      String(run.graded),
    ]),
  )
  const header = ['at saturation', '× naive', 'a minute', '× floor', 'processor time each', 'memory a slot', 'N']
  return rows.length > 0 ? table(header, rows) : ''
}

/** What a worker does before there is a submission: opening boxes, loading tests, all of the preparing. */
const AHEAD: readonly string[] = ['boxes', 'examiner', 'prepare']

function phaseTable({ phases }: CaseResult): string {
  const rows = Object.entries(phases)
    .toSorted(([one], [other]) => Number(AHEAD.includes(one)) - Number(AHEAD.includes(other)))
    .map(([phase, { p50, p95 }]) => [`${phase}${AHEAD.includes(phase) ? ', made ahead' : ''}`, milliseconds(p50), milliseconds(p95)])
  return rows.length > 0 ? table(["worker's phases", 'p50', 'p95'], rows) : ''
}

/** Where a submission's processor time goes at saturation: its boxes, the worker, and the rest, which is engine, runtime and kernel. */
function processorTable({ saturation }: CaseResult): string {
  const run = best(saturation.worker)
  if (!run?.usage) return ''
  const { boxes, worker } = run.usage
  const known = Object.values(boxes).reduce((sum, seconds) => sum + seconds, worker)
  const parts: [string, number][] = [
    ...Object.entries(boxes).map(([role, seconds]): [string, number] => [`${role} box`, seconds]),
    ['worker', worker],
    ['engine, runtime, kernel', run.secondsEach - known],
  ]
  const share = (seconds: number) => `${((seconds / run.secondsEach) * 100).toFixed(0)} %`
  return table(
    ["worker's processor time each", 'time', 'share'],
    parts.map(([what, seconds]) => [what, `${(seconds * 1000).toFixed(0)} ms`, share(seconds)]),
  )
}

function goalLines({ cases }: Results): string {
  const rows = goalsOf(cases).map(each => [each.case, each.what, each.goal, each.figure, each.met ? 'met' : `missed by ${each.missedBy}`])
  return rows.length > 0 ? `━━ Goals\n\n${table(['case', 'what', 'goal', 'figure', ''], rows)}` : ''
}

export const DESIGN_WORDS: Record<DesignName, string> = {
  floor: 'bare processes',
  naive: 'naive grader',
  worker: 'Assay, worker',
  api: 'Assay, whole API',
}
