import { InvalidArgumentError, Option, type Command } from 'commander'
import { ROLES } from '../../core/submission.ts'
import type { TokenOptions } from '../operate/token-commands.ts'

/** `assay token`: API tokens, on the store of this host's server. */
export function register(program: Command): void {
  const token = program.command('token').description("API tokens, in the store of this host's server (ASSAY_DATA)")

  token
    .command('add')
    .description('make a token and show it once')
    .argument('<owner>', 'whose submissions it hands in and sees', nameOf)
    .option('--group <group>', 'the group that the owner belongs to', nameOf, 'default')
    .addOption(
      new Option('--role <role>', 'learner: their own submissions; staff: all; admin: also the operating')
        .choices(ROLES)
        .default('learner'),
    )
    .option('--json', 'print it as one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  assay token add ada --group class-3b
  export ASSAY_TOKEN=$(assay token add me --role staff)`,
    )
    .action(async (owner: string, options: TokenOptions) => {
      const { addTokenCommand } = await import('../operate/token-commands.ts')
      await addTokenCommand(owner, options)
    })

  token
    .command('list')
    .description('all tokens, without their secrets')
    .option('--json', 'print them as one JSON document')
    .action(async (options: { json?: true }) => {
      const { listTokensCommand } = await import('../operate/token-commands.ts')
      await listTokensCommand(options)
    })

  token
    .command('revoke')
    .description('end a token, at once')
    .argument('<id>', 'its id, as "assay token list" shows it, or the token itself')
    .option('--json', 'print what became of it as one JSON document')
    .action(async (id: string, options: { json?: true }) => {
      const { revokeTokenCommand } = await import('../operate/token-commands.ts')
      await revokeTokenCommand(id, options)
    })
}

function nameOf(text: string): string {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._@ -]{0,63}$/u.test(text))
    throw new InvalidArgumentError('expected 1 to 64 letters, digits and . _ @ - (spaces inside).')
  return text
}
