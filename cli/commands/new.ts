import { Argument, type Command } from 'commander'
import { KINDS, type Kind } from '../../core/exercise.ts'
import type { NewOptions } from '../new/new-command.ts'

/** `assay new`: an exercise to begin with. */
export function register(program: Command): void {
  program
    .command('new')
    .description('make a small, whole exercise that check finds in order, to be changed into yours')
    .addArgument(new Argument('<kind>', 'what learners hand in').choices(KINDS))
    .argument('<slug>', "the exercise's name in addresses: lower-case letters, digits and hyphens")
    .option('--in <folder>', 'the folder to make it in; by default that of the library')
    .option('--title <title>', 'by default made of the slug')
    .addHelpText(
      'after',
      `
Examples:
  assay new endpoint guest-book
  assay new query late-books --in ./my-exercises --title 'Late books'

Exit codes: 0 made · 2 usage, or something stands there already`,
    )
    .action(async (kind: Kind, slug: string, options: NewOptions) => {
      const { newCommand } = await import('../new/new-command.ts')
      await newCommand(kind, slug, options)
    })
}
