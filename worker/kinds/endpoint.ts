import type { EndpointManifest } from '../../core/exercise.ts'
import { RUNTIMES, type LoadedAhead, type RuntimeName } from '../../core/runtimes.ts'
import type { WorkerKind } from './kind.ts'

/** Where the learner's server must listen, inside its own box. */
const PORT = 8080

/** What submissions import where the exercise doesn't say. */
const USUAL: readonly LoadedAhead[] = ['node:http', 'express']
const WITH_DATABASE: readonly LoadedAhead[] = [...USUAL, 'pg']

/** An HTTP server of the learner's, tested over the wire; with a database of its own where the exercise asks for one. */
export const endpoint: WorkerKind<EndpointManifest> = {
  plan(manifest, runtime) {
    const { image, start, startWaiting } = RUNTIMES[runtime as RuntimeName]
    const { entry, command, imports } = manifest.runtimes[runtime as RuntimeName]!
    const database = manifest.services.postgres !== undefined
    return {
      subject: {
        image,
        command: command ?? start(entry),
        ...(startWaiting && !command && { waiting: startWaiting(entry, imports ?? (database ? WITH_DATABASE : USUAL)) }),
        port: PORT,
        env: {
          PORT: String(PORT),
          HOST: '127.0.0.1',
          HOME: '/work',
          LANG: 'C.UTF-8',
          NODE_ENV: 'production',
          PATH: '/usr/local/bin:/usr/bin:/bin',
          ...(database && { DATABASE_URL: 'postgres://learner:learner@127.0.0.1:5432/app' }),
        },
      },
      database,
      countStatements: manifest.services.postgres?.statistics ?? false,
    }
  },

  check(manifest, runtime, files) {
    const entry = manifest.runtimes[runtime as RuntimeName]?.entry
    if (!entry) return [{ file: 'runtime', message: `expected one of ${Object.keys(manifest.runtimes).join(', ')}, got "${runtime}"` }]
    if (!(entry in files)) return [{ file: entry, message: 'is missing; it is the file that is run' }]
    return []
  },
}
