import type { ReportView } from '../../core/report-view.ts'
import { RUNTIMES } from '../../core/runtimes.ts'
import { cleanLine, cleanText } from './clean.ts'
import { hintLines } from './hints.ts'
import { table, truncate, wrap, type Style } from './layout.ts'
import { lockLines } from './locks.ts'
import { OUTCOME_WORDS, outcomeColour, outcomeMark } from './outcome-words.ts'
import { count, duration, points } from './quantities.ts'
import { sqlErrorLines } from './sql-error.ts'
import { testLines } from './test-lines.ts'

/** A report as far as its reader may see it; a whole report is one too. */
export type ShownReport = Omit<ReportView, 'counts'>

/**
 * A report as lines for a terminal of the given width: headline, tasks, tests, what went wrong, and last the facts by
 * which the grading can be repeated. Everything that a learner's program may have written is cleaned.
 */
export function reportLines(report: ShownReport, style: Style): string[] {
  const sections = [
    headline(report, style),
    tasks(report, style),
    report.tests.flatMap(test => testLines(test, style)),
    report.sqlError ? sqlErrorLines(report.sqlError, style) : [],
    lastWords(report, style),
    statements(report, style),
    lockLines(report.locks ?? [], report.statements ?? [], style),
    report.hints?.length ? hintLines(report.hints, style) : [],
    facts(report, style),
  ]
  return sections.filter(lines => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]))
}

function headline(report: ShownReport, style: Style): string[] {
  const { colours } = style
  const { title, meaning } = OUTCOME_WORDS[report.outcome]
  const { earned, possible } = report.score
  const verdict = outcomeColour(report.outcome, colours)(colours.bold(`${outcomeMark(report.outcome)} ${title}`))
  const share = possible > 0 ? ` (${Math.floor((earned / possible) * 100)} %)` : ''
  const runtime = report.kind === 'endpoint' ? ` · ${runtimeTitle(report.runtime)}` : ''
  return [
    ...wrap(`${verdict}   ${points(earned)} of ${points(possible)} points${share}   ${tally(report.tests)}`, style),
    ...wrap(`${cleanLine(report.exercise.title)} (${cleanLine(report.exercise.slug)}) · ${report.kind}${runtime} · ${report.mode}`, style),
    ...wrap(report.reason ? cleanText(report.reason.message) : meaning, style),
    ...unpaid(report).flatMap(line => wrap(line, style)),
  ]
}

/** Full points beside a wrong answer look like a fault of ours: data sets that carry none decide, too, whether it is accepted. */
function unpaid({ outcome, score: { earned, possible }, tests }: ShownReport): string[] {
  if (outcome !== 'wrong_answer' || possible === 0 || earned < possible) return []
  const failed = tests.filter(test => test.status !== 'passed').length
  return [`Not accepted in spite of all points: every test must pass for that, and ${count(failed, 'test')} without points failed.`]
}

function tally(tests: ShownReport['tests']): string {
  const passed = tests.filter(test => test.status === 'passed').length
  return `${passed} of ${count(tests.length, 'test')} passed`
}

function runtimeTitle(name: string): string {
  return Object.hasOwn(RUNTIMES, name) ? RUNTIMES[name as keyof typeof RUNTIMES].title : cleanLine(name)
}

function tasks({ tasks: list }: ShownReport, style: Style): string[] {
  if (list.length === 0) return []
  const { colours } = style
  return table(
    [{ title: 'Task' }, { title: 'Points', align: 'right' }, { title: '', paint: shown => colours.yellow(shown) }],
    list.map(task => [
      cleanLine(task.title),
      `${points(task.earned)} / ${points(task.possible)}`,
      task.corePassed || task.possible === 0 ? '' : 'first test failed',
    ]),
    style,
  )
}

function lastWords({ lastWords: words }: ShownReport, style: Style): string[] {
  const text = cleanText(words?.all ?? '').trimEnd()
  if (text === '') return []
  const bar = `  ${style.colours.dim('│')} `
  return [
    '  Last words of the program:',
    ...text.split('\n').flatMap(line => wrap(line, { width: style.width - 2 }).map(part => bar + part)),
  ]
}

const STATEMENTS_SHOWN = 30

function statements({ statements: list }: ShownReport, style: Style): string[] {
  if (!list?.length) return []
  const rows = list
    .slice(0, STATEMENTS_SHOWN)
    .map(run => [
      cleanLine(run.file),
      String(run.number),
      duration(run.durationMs),
      run.inTransaction ? '' : 'no',
      cleanText(run.text).replaceAll(/\s+/g, ' '),
    ])
  const more = list.length - rows.length
  return [
    ...table(
      [{ title: 'File' }, { title: '#', align: 'right' }, { title: 'Time', align: 'right' }, { title: 'Tx' }, { title: 'Statement' }],
      rows,
      style,
    ),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ]
}

function facts(report: ShownReport, style: Style): string[] {
  const { colours } = style
  const timings = Object.entries(report.timings).map(([phase, ms]) => `${cleanLine(phase)} ${duration(ms)}`)
  const images = Object.entries(report.images).map(([image, digest]) => `${cleanLine(image)} ${shortDigest(digest)}`)
  const entries: [string, string][] = [
    ['Time', timings.join(' · ')],
    ['Version', cleanLine(report.exercise.version).slice(0, 12)],
    ['Images', images.join(' · ')],
    ['Sandbox', sandboxes(report)],
    ['Seed', String(report.seed)],
  ]
  return entries
    .filter(([, value]) => value !== '')
    .flatMap(([name, value]) => {
      const [first = '', ...rest] = wrap(value, { width: style.width - 11 })
      return [`  ${name.padEnd(8)} ${first}`, ...rest.map(line => `           ${line.trimStart()}`)]
    })
    .map(line => colours.dim(truncate(line, style.width)))
}

/** One word where all boxes ran in the same, else each with what it ran in. */
function sandboxes({ sandboxRuntime, boxRuntimes = {} }: ShownReport): string {
  const boxes = Object.entries(boxRuntimes)
  if (boxes.every(([, runtime]) => runtime === sandboxRuntime)) return sandboxRuntime
  return boxes.map(([role, runtime]) => `${cleanLine(role)} ${runtime}`).join(' · ')
}

/** Enough to tell images apart; --json has the whole. */
function shortDigest(digest: string): string {
  return cleanLine(digest).replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]*$/, '$2')
}
