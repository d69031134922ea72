import { table, type Style } from '../../cli/render/layout.ts'
import type { SandboxRuntime } from '../../worker/sandbox/sandbox.ts'
import type { Attack, Benign, SkippedAttack } from './attack.ts'
import type { Result } from './carry-out.ts'

/** One line of the account: an attack, or honest work, on one runtime. */
export type Line = {
  what: string
  runtime: SandboxRuntime
  /** `accepted` and `refused`: of honest work. */
  state: 'contained' | 'escaped' | 'skipped' | 'accepted' | 'refused'
  outcome: string
  seconds?: number
  /** How long a benign submission right after it took. */
  benignSeconds?: number
  /** The most memory that the examiner held. */
  examinerMiB?: number
  note: string
  /** Of what is skipped: what it waits for, in few words. */
  waitsFor?: string
}

export function lineOf({ attack, outcomes, ms, breaches, examinerPeakBytes, note, benignMs }: Result, runtime: SandboxRuntime): Line {
  const examinerMiB = examinerPeakBytes === undefined ? undefined : Math.round(examinerPeakBytes / 1024 ** 2)
  // Where it is the examiner that is attacked.
  const held = attack.section === 7 && examinerMiB !== undefined ? `examiner ${examinerMiB} MiB: ` : ''
  const state = breaches.length === 0 ? 'contained' : 'escaped'
  return {
    what: attack.folder,
    runtime,
    state,
    outcome: outcomes.join(', '),
    seconds: seconds(ms),
    ...(benignMs !== undefined && { benignSeconds: seconds(benignMs) }),
    ...(examinerMiB !== undefined && { examinerMiB }),
    note: `${held}${breaches.join('; ') || note || attack.tries}`,
  }
}

const seconds = (ms: number) => Math.round(ms / 100) / 10

export function skippedLine(attack: SkippedAttack | Attack, runtime: SandboxRuntime, reason: string, waitsFor = reason): Line {
  const what = `${String(attack.number).padStart(2, '0')}-${attack.name}`
  return { what, runtime, state: 'skipped', outcome: '', note: reason, waitsFor }
}

export function benignLine(work: Benign, runtime: SandboxRuntime, fault: string | undefined): Line {
  return { what: work.name, runtime, state: fault ? 'refused' : 'accepted', outcome: fault ? '' : 'accepted', note: fault ?? work.does }
}

export function accountOf(lines: readonly Line[], style: Style): string[] {
  const { red, green, yellow } = style.colours
  const paint = (shown: string, state: string) =>
    state === 'escaped' || state === 'refused' ? red(shown) : state === 'skipped' ? yellow(shown) : green(shown)
  const rows = lines.map(line => [
    line.what,
    line.runtime,
    line.state,
    line.outcome,
    line.seconds?.toFixed(1) ?? '',
    line.benignSeconds?.toFixed(1) ?? '',
    line.note,
  ])
  const columns = [
    { title: 'Attack' },
    { title: 'Runtime' },
    { title: 'State', paint },
    { title: 'Outcome' },
    { title: 'Seconds', align: 'right' as const },
    { title: 'Benign after', align: 'right' as const },
    { title: 'What it tries; what went wrong' },
  ]
  return table(columns, rows, style)
}

/** "138 contained, 8 skipped (6 MySQL and MariaDB, 2 a gradebook as CSV), 0 escaped". */
export function summaryOf(lines: readonly Line[]): string {
  const count = (state: Line['state']) => lines.filter(line => line.state === state).length
  const reasons = Map.groupBy(
    lines.filter(({ state }) => state === 'skipped'),
    ({ waitsFor }) => waitsFor,
  )
  const why = [...reasons].map(([reason, group]) => `${group.length} ${reason}`).join(', ')
  const honest = count('accepted') + count('refused')
  return [
    `${count('contained')} contained, ${count('skipped')} skipped${why && ` (${why})`}, ${count('escaped')} escaped`,
    ...(honest > 0 ? [`honest work: ${count('accepted')} of ${honest} accepted`] : []),
  ].join('\n')
}
