import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Conduct } from '../../worker/grading/conduct.ts'
import { Ending } from '../../worker/grading/ending.ts'
import { watchDatabase } from '../../worker/grading/subject.ts'
import type { ProgramExit } from '../../worker/pod/agent-client.ts'

/*
 * Whose doing it is that the database server ended: ours while the pod was made (prepared-pod.test.ts), the learner's after it. Its box and agent are made up here: a server of today's version has no
 * statement that is known to bring it down.
 */
async function ended({ words = '', oomKills = 0 }: { words?: string; oomKills?: number }) {
  const ending = new Ending()
  let tell: (exit: ProgramExit) => void = () => {}
  const agent = { onExit: (handler: typeof tell) => (tell = handler) }
  const box = { ended: new Promise(() => {}) }
  const pod = { database: { agent, box, lastWords: () => words } }
  watchDatabase({ prepared: { pod }, ending } as unknown as Conduct)
  tell({ code: 1, signal: null, oomKills })
  await setImmediate()
  return ending.reached
}

test('while the learner’s text or program ran: theirs', async () => {
  expect(await ended({ words: 'PANIC:  corrupted item lengths' })).toMatchObject({
    outcome: 'runtime_error',
    code: 'DATABASE_ENDED',
  })
  expect(await ended({ words: 'FATAL:  could not write: No space left on device' })).toMatchObject({ outcome: 'memory_limit' })
  expect(await ended({ oomKills: 1 })).toMatchObject({ outcome: 'memory_limit' })
})
