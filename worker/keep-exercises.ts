import type { Logger } from 'pino'
import { GraderError } from '../core/errors.ts'
import { runtimesOf } from '../core/runtimes.ts'
import { HEARTBEAT_MS } from '../core/worker-api.ts'
import { collectTests } from './grading/collect-tests.ts'
import { pause } from './pause.ts'
import type { PodPool } from './pool/pod-pool.ts'
import type { Sandbox, SandboxRuntime } from './sandbox/sandbox.ts'
import type { ServerClient } from './server-client.ts'

type Options = {
  server: ServerClient
  sandbox: Sandbox
  sandboxRuntime: SandboxRuntime
  pool: PodPool | undefined
  log: Logger
  signal: AbortSignal
}

/**
 * Follows the library for as long as the worker lives: collects the tests of exercises that nobody has collected yet, so that
 * the first submission needn't wait for it, and has pods of the current ones made ahead.
 */
export async function keepExercises({ server, sandbox, sandboxRuntime, pool, log, signal }: Options): Promise<void> {
  const failed = new Set<string>()
  let offered = ''
  while (!signal.aborted) {
    const versions = await server.exercises().catch(() => undefined)
    for (const { slug, version } of versions?.filter(each => !each.collected && !failed.has(each.version)) ?? []) {
      if (signal.aborted) return
      try {
        await server.putTests(version, await collectTests(sandbox, await server.bundle(version), signal))
        log.info({ exercise: slug, version }, 'collected the tests')
      } catch (error) {
        if (signal.aborted) return
        // Whatever else went wrong may be over at the next try.
        if (error instanceof GraderError && error.code === 'EXERCISE_BROKEN') failed.add(version)
        log.error({ exercise: slug, version, err: error }, "the exercise's tests could not be collected")
      }
    }
    const current = versions?.filter(each => each.current && !failed.has(each.version)).map(each => each.version)
    if (pool && current && offered !== current.join()) {
      try {
        const bundles = await Promise.all(current.map(version => server.bundle(version)))
        if (signal.aborted) return
        pool.offer(
          bundles.map(bundle => ({
            bundle,
            runtime: runtimesOf(bundle.manifest)[0]!,
            sandboxRuntime,
          })),
        )
        offered = current.join()
      } catch (error) {
        log.warn({ err: error instanceof Error ? error.message : error }, 'the exercises could not be fetched')
      }
    }
    await pause(HEARTBEAT_MS * 5, signal)
  }
}
