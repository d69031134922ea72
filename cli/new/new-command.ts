import { z } from 'zod'
import { slug as slugSchema, type Kind } from '../../core/exercise.ts'
import { cliConfig } from '../config.ts'
import { CommandError, EXIT } from '../errors.ts'
import { shortPath } from '../find-exercise.ts'
import { wrap } from '../render/layout.ts'
import { openTerminal } from '../terminal.ts'
import { makeExercise } from './make-exercise.ts'

export type NewOptions = { in?: string; title?: string }

export async function newCommand(kind: Kind, slug: string, options: NewOptions): Promise<void> {
  const terminal = openTerminal()
  const parsed = slugSchema.safeParse(slug)
  if (!parsed.success) throw new CommandError(EXIT.usage, `The slug "${slug}" can't be: ${parsed.error.issues[0]!.message}.`)
  const title = titleSchema.safeParse(options.title ?? titleOf(slug))
  if (!title.success) throw new CommandError(EXIT.usage, `The title can't be: ${title.error.issues[0]!.message}.`)
  const { exercisesFolder } = cliConfig(process.env)
  const made = await makeExercise({ kind, slug, title: title.data, parent: options.in ?? exercisesFolder })
  const folder = shortPath(made.folder)
  const named = options.in === undefined ? slug : folder.startsWith('/') || folder.startsWith('.') ? folder : `./${folder}`
  const { style } = terminal
  terminal.print([
    `${style.colours.green('✓')} ${style.colours.bold(folder)}`,
    ...made.files.map(file => `    ${file}`),
    '',
    ...wrap(
      `It is a whole exercise: change its statement (README.md), its tests and its samples piece by piece into yours, and look after each:`,
      style,
    ),
    `  npx assay check ${named}`,
    '',
    ...wrap('docs/authors/README.md says what each file is for.', style),
  ])
}

/** As exercise.yaml takes it, and on one line: it is the statement's heading, too. */
const titleSchema = z
  .string()
  .min(1, 'expected some text')
  .max(120, 'expected at most 120 characters')
  .regex(/^[^\r\n]*$/, 'expected one line')

/** "late-books" → "Late books". */
function titleOf(slug: string): string {
  const words = slug.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
