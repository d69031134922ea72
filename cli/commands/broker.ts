import type { Command } from 'commander'

/** `assay broker`: stands between a worker and the engine, and lets through nothing but boxes. */
export function register(program: Command): void {
  program
    .command('broker')
    .description('stand between workers and the Docker engine: boxes of gradings pass, nothing else does')
    .requiredOption('--listen <socket>', 'the Unix socket for workers; they name it in DOCKER_HOST')
    .option('--docker-host <address>', "the engine's own socket (default: DOCKER_HOST, else unix:///var/run/docker.sock)")
    .option('--group <number>', 'group that may use the socket; without it only the user that runs the broker may')
    .action(async (options: { listen: string; dockerHost?: string; group?: string }) => {
      const { runBroker } = await import('../broker/broker-command.ts')
      await runBroker(options)
    })
}
