import type { Pace } from '../../../core/pace.ts'
import type { Http } from '../../authoring/http.ts'
import type { PaceHttp } from '../../authoring/pace.ts'
import { now } from '../../now.ts'

type Act = (http: PaceHttp, at: number) => unknown

/** One round of one side: the lower quartile of its requests' times in milliseconds, or with `atOnce` above 1 its requests per second. Throws what `act` threw. */
export async function measureRound(http: Http, act: Act, atOnce: number): Promise<number> {
  const times: number[] = []
  const timed = timing(http, times, atOnce === 1)
  const began = now()
  const calls = await Promise.allSettled(Array.from({ length: atOnce }, async (_, at) => act(timed, at)))
  const took = now() - began
  for (const call of calls) if (call.status === 'rejected') throw call.reason
  if (times.length === 0) throw new Error('pace.compare: expected at least one request by the http that the function is given, got none')
  return atOnce === 1 ? lowerQuartile(times) : (times.length / took) * 1_000
}

/** Adds each request's time to `times`. */
function timing(http: Http, times: number[], singly: boolean): PaceHttp {
  let underWay = 0
  const request: Http['request'] = async (...given) => {
    if (singly && underWay > 0)
      throw new Error('pace.compare: expected one request after the other; for several at a time there is `atOnce`')
    underWay++
    const began = now()
    try {
      const response = await http.request(...given)
      times.push(now() - began)
      return response
    } finally {
      underWay--
    }
  }
  const by =
    (method: string): PaceHttp['get'] =>
    (path, options) =>
      request(method, path, options)
  return { request, get: by('GET'), post: by('POST'), put: by('PUT'), patch: by('PATCH'), delete: by('DELETE') }
}

/** What a busy machine adds to some requests it adds to few of the quickest: the median of five moved several times as much. */
function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[(values.length - 1) >> 2]!
}

/** What pairs of figures come to. Ratios are held to the factor before they are rounded. */
export function judge(pairs: readonly { reference: number; subject: number }[], { factor, atOnce }: Pick<Pace, 'factor' | 'atOnce'>): Pace {
  const ratios = pairs.map(({ reference, subject }) => (atOnce === 1 ? subject / reference : reference / subject))
  const beyond = ratios.filter(ratio => ratio > factor).length
  return {
    of: atOnce === 1 ? 'latency' : 'throughput',
    factor,
    atOnce,
    verdict: beyond === 0 ? 'within' : beyond === pairs.length ? 'beyond' : 'inconclusive',
    rounds: pairs.map(({ reference, subject }, at) => ({
      reference: round(reference),
      subject: round(subject),
      ratio: round(ratios[at]!),
    })),
  }
}

const round = (figure: number) => Math.round(figure * 100) / 100
