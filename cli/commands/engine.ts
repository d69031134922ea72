import type { Command } from 'commander'

/** `assay engine start|status|stop|gvisor`: the Docker engine of this host. */
export function register(program: Command): void {
  const engine = program.command('engine').description('the Docker engine: find or start it, stop the one we started')
  engine
    .command('status', { isDefault: true })
    .description('says which engine answers')
    .action(async () => {
      const { engineStatus } = await import('../start/engine-command.ts')
      await engineStatus()
    })
  engine
    .command('start')
    .description('finds an engine, or installs and starts one')
    .action(async () => {
      const { engineStart } = await import('../start/engine-command.ts')
      await engineStart()
    })
  engine
    .command('stop')
    .description('ends the engine that assay started; no other')
    .action(async () => {
      const { engineStop } = await import('../start/engine-command.ts')
      await engineStop()
    })
  engine
    .command('gvisor')
    .description('brings gVisor (runsc) to this host’s running engine, beside runc')
    .option('--remove', 'take away again what this command put there')
    .action(async (options: { remove?: true }) => {
      const { engineGVisor } = await import('../start/engine-command.ts')
      await engineGVisor({ remove: options.remove ?? false })
    })
}
