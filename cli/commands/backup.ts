import type { Command } from 'commander'

/** `assay backup` and `assay restore`: the store of this host's server. */
export function register(program: Command): void {
  program
    .command('backup')
    .description("write a whole copy of this host's store to a new file; the server may go on running")
    .argument('<file>', 'the file to make')
    .option('--json', 'print what was written as one JSON document')
    .action(async (file: string, options: { json?: true }) => {
      const { backupCommand } = await import('../operate/backup-commands.ts')
      await backupCommand(file, options)
    })

  program
    .command('restore')
    .description('put a backup in the place of the store, after checking it; the server must not run')
    .argument('<file>', 'a backup')
    .option('--check', 'only check whether the backup is whole and can be restored')
    .option('--json', 'print what was found as one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  assay backup /backups/assay-$(date +%F).sqlite
  assay restore --check /backups/assay-2026-11-21.sqlite`,
    )
    .action(async (file: string, options: { check?: true; json?: true }) => {
      const { restoreCommand } = await import('../operate/backup-commands.ts')
      await restoreCommand(file, options)
    })
}
