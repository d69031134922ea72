import type { EndpointManifest } from '../../core/exercise.ts'
import { RUNTIMES, type RuntimeName } from '../../core/runtimes.ts'
import type { WorkerKind } from './kind.ts'

/** Where the learner's server must listen, inside its own box. */
const PORT = 8080

/** An HTTP server of the learner's, tested over the wire; with a database of its own where the exercise asks for one. */
export const endpoint: WorkerKind<EndpointManifest> = {
  plan(manifest, runtime) {
    const { image, start, startWaiting } = RUNTIMES[runtime as RuntimeName]
    const { entry, command } = manifest.runtimes[runtime as RuntimeName]!
    const database = manifest.services.postgres !== undefined
    return {
      subject: {
        image,
        command: command ?? start(entry),
        ...(startWaiting && !command && { waiting: startWaiting(entry, ['express', ...(database ? ['pg'] : [])]) }),
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
    }
  },

  check(manifest, runtime, files) {
    const entry = manifest.runtimes[runtime as RuntimeName]?.entry
    if (!entry) return [{ file: 'runtime', message: `expected one of ${Object.keys(manifest.runtimes).join(', ')}, got "${runtime}"` }]
    if (!(entry in files)) return [{ file: entry, message: 'is missing; it is the file that is run' }]
    return []
  },
}
