import type { Api } from '../client/api.ts'
import { follow } from '../client/follow.ts'
import { readSubmissionState } from '../client/submissions.ts'
import { createProgress } from '../progress.ts'
import { eventWords } from '../render/live.ts'
import { placeWords } from './place-words.ts'

/** Follows a submission on stderr until it is over. */
export async function watch(api: Api, id: string, signal: AbortSignal): Promise<void> {
  await createProgress().step(`Grading ${id}`, async step => {
    await follow(api, id, signal, ({ event }) => {
      if (event.type === 'finished') step.says(eventWords(event))
      else step.log(eventWords(event))
      if (event.type !== 'queued') return
      // Only news: where it can't be told, the events go on all the same.
      readSubmissionState(api, id, signal).then(
        submission => submission.state === 'queued' && step.log(placeWords(submission)),
        () => {},
      )
    })
  })
}
