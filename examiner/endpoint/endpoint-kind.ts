import type { EndpointManifest } from '../../core/exercise.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { Contract } from '../authoring/contract.ts'
import type { ExaminerKind, GradeContext } from '../kind.ts'
import { collectTests, loadTests } from '../load-tests.ts'
import type { Pod } from '../pod.ts'
import { runTests, type FixtureSource } from '../run-tests.ts'
import { httpFixture } from './http-fixture.ts'
import { logFixture } from './log-fixture.ts'
import { practise } from './practise.ts'
import { programFixture } from './program-fixture.ts'
import { Waiting } from './waiting.ts'

/**
 * An HTTP server of the learner's. Before each file (or test, by the exercise's `isolation`) but the first the database is
 * made anew and then the program is started afresh, so that what one did can't help or harm the next.
 */
export const endpointKind: ExaminerKind<EndpointManifest> = {
  collect: async exercise => {
    const { manifest, files } = exercise
    if (manifest.contract !== undefined) {
      const { checkContract } = await import('./contract/read-contract.ts')
      checkContract(files[manifest.contract]!, manifest.contract)
    }
    return collectTests(exercise)
  },

  prepare: async context => {
    const { manifest, files, pod, seed } = context
    const { postgres } = manifest.services
    const database = postgres && (await loadDatabase())
    const contract = await contractOf(context)
    const reference = manifest.reference === undefined ? undefined : await loadReference(pod)
    const [loaded] = await Promise.all([
      loadTests(context),
      practise(context, nobody => fixturesOf(nobody, { onState: () => {} })),
      postgres && database?.prepareDatabase(pod, files, postgres, seed, manifest.limits.statement),
      reference && startReference(reference.pod),
    ])

    async function startReference(own: Pod): Promise<void> {
      if (postgres) await database?.prepareDatabase(own, files, postgres, seed, manifest.limits.statement)
      await own.control('subject.restart')
    }

    return async (_submission, plan, watch) => {
      let stale = false
      // Made as new only where something is compared with it.
      let referenceStale = false
      const makeReferenceAnew = async () => {
        if (!reference || !referenceStale) return
        referenceStale = false
        await database?.makeDatabaseAnew(reference.pod, manifest.limits.statement)
        await reference.pod.control('subject.restart')
      }
      let renewing = Promise.resolve()
      // One at a time: a test whose time is over may have left one under way.
      const renew = () => (renewing = renewing.catch(() => {}).then(makeReferenceAnew))
      const onState = (runs: boolean) => void (stale = !runs)
      const source = {
        fresh: async (first: boolean) => {
          if (first) return
          await database?.makeDatabaseAnew(pod, manifest.limits.statement)
          await pod.control('subject.restart')
          stale = false
          referenceStale = true
        },
        isStale: () => stale,
        open: fixturesOf(pod, {
          onState,
          contract,
          pace:
            reference &&
            ((fact, signal, waiting) => reference.paceFixture({ ...context, path: manifest.reference!, fact, signal, waiting, renew })),
          database: postgres && database && { ...postgres, databaseFixture: database.databaseFixture },
        }),
      }
      return { results: await runTests({ ...context, plan, loaded, isolation: manifest.isolation, source, watch }) }
    }
  },
}

/** What a test is given: the program over HTTP and as a process, what it prints, and the database and the contract where there are such. */
function fixturesOf(pod: Pod, { onState, database, contract, pace }: Given): FixtureSource['open'] {
  return (fact, signal) => {
    const waiting = new Waiting()
    const log = logFixture(pod, signal, waiting)
    const db = database?.databaseFixture(pod, signal, waiting, fact.timeLimitMs, database)
    const paced = pace?.(fact, signal, waiting)
    return {
      fixtures: {
        http: httpFixture(pod, signal, waiting),
        log: log.fixture,
        program: programFixture(pod, signal, waiting, onState),
        ...(db && { db: db.fixture }),
        ...(contract && { contract }),
        ...(paced && { pace: paced.fixture }),
      },
      waitingFor: () => waiting.now(),
      close: async () => {
        log.close()
        db?.close()
        await paced?.close()
      },
      ...(paced && { fault: paced.fault }),
    }
  }
}

async function contractOf({ manifest, files }: GradeContext<EndpointManifest>): Promise<Contract | undefined> {
  if (manifest.contract === undefined) return undefined
  const { contractFixture } = await import('./contract/contract-fixture.ts')
  return contractFixture(files[manifest.contract]!, manifest.contract)
}

type Database = Pick<Awaited<ReturnType<typeof loadDatabase>>, 'databaseFixture'> & { statistics: boolean }

/** `onState` is told when the program is ended or started by a test; the others are there where the exercise has them. */
type Given = {
  onState: (runs: boolean) => void
  database?: Database | undefined
  contract?: Contract | undefined
  pace?: ((fact: TestFact, signal: AbortSignal, waiting: Waiting) => ReturnType<PaceFixture>) | undefined
}
type PaceFixture = Awaited<ReturnType<typeof loadReference>>['paceFixture']

async function loadReference(pod: Pod) {
  const [{ referencePod }, { paceFixture }] = [await import('./reference-pod.ts'), await import('./pace/pace-fixture.ts')]
  return { pod: referencePod(pod), paceFixture }
}

/** Most endpoints have none, and PostgreSQL's client is a good part of what an examiner would load. */
async function loadDatabase() {
  return { ...(await import('./prepare-database.ts')), ...(await import('./database-fixture.ts')) }
}
