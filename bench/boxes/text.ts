import { machineWords } from '../measure/machine.ts'
import { median, spread } from '../measure/stats.ts'
import { table } from '../measure/table.ts'
import { digits, mebibytes, times } from '../measure/words.ts'
import type { Life } from './box-life.ts'
import type { DatabaseLife } from './database-life.ts'
import type { BoxFigures, Row } from './measure-boxes.ts'

/** The figures as tables, ratios first: times are the machine's, ratios hold elsewhere too. */
export function textOf(figures: BoxFigures): string {
  const { machine, notes, rows, saturation, openings, database, counting } = figures
  const parts = [
    machineWords(machine),
    rows.length > 0 && choicesTable(rows),
    Object.keys(saturation).length > 0 &&
      table(
        ['all processors busy', 'boxes/s', 'processor ms each'],
        Object.entries(saturation).map(([name, all]) => [
          name,
          digits(median(all.map(each => each.perSecond))),
          digits(median(all.map(each => each.processor))),
        ]),
      ),
    Object.keys(openings).length > 0 &&
      table(
        ['a box is opened beside', 'ms', 'quartiles'],
        Object.entries(openings).map(([name, all]) => [name, digits(median(all)), quartiles(all)]),
      ),
    database.length > 0 && databaseTable(database, counting),
    notes.length > 0 && `Left out:\n${notes.map(note => `- ${note}`).join('\n')}`,
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

function choicesTable(rows: readonly Row[]): string {
  const plain = rows[0]!.lives
  const middle = (lives: readonly Life[], figure: keyof Life) => median(lives.map(each => each[figure]))
  const ratio = (lives: readonly Life[], figure: keyof Life) => times(middle(lives, figure) / middle(plain, figure))
  const lines = rows.map(({ about, ours, instead, lives }) => [
    ours ? `${about}: ${instead} (ours: ${ours})` : `${about} ${instead}`,
    ratio(lives, 'processor'),
    ratio(lives, 'wall'),
    digits(middle(lives, 'processor')),
    quartiles(lives.map(each => each.processor)),
    digits(middle(lives, 'wall')),
    quartiles(lives.map(each => each.wall)),
    ...(['create', 'attach', 'start', 'remove'] as const).map(figure => digits(middle(lives, figure))),
  ])
  const head = [
    'one box’s life, one at a time',
    'processor',
    'wall',
    'processor ms',
    'quartiles',
    'wall ms',
    'quartiles',
    'create',
    'attach',
    'start',
    'remove',
  ]
  return `N = ${plain.length} each, alternating\n${table(head, lines)}`
}

const DATABASE: readonly (readonly [keyof DatabaseLife, string])[] = [
  ['open', 'box made and started'],
  ['accepting', 'from nothing to accepting queries'],
  ['boot', 'processor time in the box until then'],
  ['memory', 'memory of the idle box'],
  ['shared', 'memory of its processes (PSS)'],
  ['loginAdmin', 'a login of the examiner over the relay'],
  ['loginLearner', 'a login of the learner over the relay'],
  ['copyFiles', 'CREATE DATABASE … STRATEGY file_copy'],
  ['copyFilesProcessor', 'its processor time'],
  ['copyByLog', 'CREATE DATABASE … STRATEGY wal_log'],
  ['copyByLogProcessor', 'its processor time'],
  ['reset', 'a reset by the box agent'],
  ['resetProcessor', 'its processor time'],
]

function databaseTable(lives: readonly DatabaseLife[], counting: readonly DatabaseLife[]): string {
  const rows = DATABASE.map(([figure, words]) => {
    const bytes = figure === 'memory' || figure === 'shared'
    const shown = (all: number[]) => [bytes ? mebibytes(median(all)) : `${digits(median(all))} ms`, bytes ? '' : quartiles(all)]
    return [words, ...[lives, counting].flatMap(each => shown(each.map(life => life[figure])))]
  })
  return table([`a database’s box (N = ${lives.length})`, 'median', 'quartiles', 'counting statements', 'quartiles'], rows)
}

function quartiles(values: readonly number[]): string {
  const { p25, p75 } = spread(values)
  return `${digits(p25)}–${digits(p75)}`
}
