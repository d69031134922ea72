import type { Arbitrary } from 'fast-check'
import type { HoldsOptions } from '../../authoring/contract.ts'
import { fc } from '../../authoring/fast-check.ts'
import type { Http, Response } from '../../authoring/http.ts'
import { TestFailure } from '../../test-failure.ts'
import { HttpFailure } from '../http-failure.ts'
import { attempt } from '../probes/attempt.ts'
import { shownAnswer } from '../probes/weakness.ts'
import { breakRequest } from './break-request.ts'
import { responseFault } from './check-response.ts'
import { curlLine } from './curl.ts'
import { drawParts, isValid, requestOf, type Drawn, type Parts } from './draw-request.ts'
import type { ContractOperation, ReadContract } from './read-contract.ts'

const RUNS = 20
/** Requests sent to make a finding smaller; then it is told as it is. */
const SHRINKING = 150

type Options = HoldsOptions & { mustSucceed: boolean }
type Trial = { request: Drawn; words: string; judge: (answer: Response) => string | undefined }

/** Sends requests that aren't valid by the document, then ones that are. Throws TestFailure with the smallest that is answered otherwise. */
export async function holdOperation(contract: ReadContract, operation: ContractOperation, http: Http, options: Options): Promise<void> {
  const { schemas } = contract
  const { known, headers, runs = RUNS } = options
  if (operation.body && operation.body.schema === undefined) return
  const judged = (answer: Response) => responseFault(contract, operation, answer)

  // First, as long as all is as the test has made it: what is refused changes nothing.
  const refused = (answer: Response) =>
    answer.status >= 400 && answer.status < 500
      ? judged(answer)
      : `it must be refused with a documented 4xx, the status is ${answer.status}`
  const broken = (parts: Parts) =>
    breakRequest(operation, schemas, parts).map(each => ({
      request: requestOf(operation, each.parts, headers, each.body),
      words: `a request ${each.words}`,
      judge: refused,
    }))
  const times = Math.ceil(runs / RUNS)
  // With all that may be there, unless nothing that has all of it is valid.
  if (!(await tryAll(drawParts(operation, schemas, { known, full: true }), times, broken)))
    drawn(await tryAll(drawParts(operation, schemas, { known }), times, broken))

  const answers: Response[] = []
  const valid = (parts: Parts) => {
    const judge = (answer: Response) => {
      answers.push(answer)
      return judged(answer)
    }
    return [{ request: requestOf(operation, parts, headers), words: 'a valid request', judge }]
  }
  drawn(await tryAll(drawParts(operation, schemas, { known }), runs, valid))
  const [first] = answers
  if (options.mustSucceed && first && !answers.some(({ status }) => status >= 200 && status < 300))
    throw new TestFailure(
      `None of ${answers.length} valid requests of ${operation.id} (${contract.file}) was answered with a 2xx.\nThe first: ${shownAnswer(first)}`,
    )

  function drawn(any: boolean): void {
    if (!any)
      throw new Error(`No valid request of ${operation.id} (${contract.file}) could be drawn: its schemas leave too little that is valid.`)
  }

  /** False when hardly anything that was drawn is valid, so that nothing was tried. */
  async function tryAll(from: Arbitrary<Parts>, numRuns: number, make: (parts: Parts) => Trial[]): Promise<boolean> {
    let smallest: Finding | undefined
    let since = 0
    const property = fc.asyncProperty(from, async parts => {
      fc.pre(isValid(operation, schemas, parts))
      for (const trial of make(parts)) {
        // Once something is found, all that comes is to make that smaller.
        if (smallest && (trial.words !== smallest.trial.words || ++since > SHRINKING)) continue
        const { method, path, ...more } = trial.request
        const answer = await attempt(() => http.request(method, path, more))
        if (answer === undefined) continue
        const fault = answer instanceof HttpFailure ? 'there is no whole answer' : trial.judge(answer)
        if (fault === undefined) continue
        smallest = { trial, answer, fault }
        return false
      }
      return true
    })
    const { errorInstance, failed } = await fc.check(property, { numRuns })
    if (smallest) throw failureOf(contract, operation, smallest)
    // The test's own, or the end of its time.
    if (errorInstance) throw errorInstance
    return !failed
  }
}

type Finding = { trial: Trial; answer: Response | HttpFailure; fault: string }

function failureOf({ file }: ReadContract, { id }: ContractOperation, { trial, answer, fault }: Finding): TestFailure {
  return new TestFailure(
    [
      `The contract (${file}, ${id}) doesn't hold for ${trial.words}: ${fault}.`,
      `Sent: ${curlLine(trial.request)}`,
      `Came: ${shownAnswer(answer)}`,
      'It is the smallest such request that was found.',
    ].join('\n'),
  )
}
