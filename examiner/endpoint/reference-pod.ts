import type { ControlAction } from '../../core/examiner-protocol.ts'
import type { Pod } from '../pod.ts'

const OF_THE_REFERENCE: Partial<Record<ControlAction, ControlAction>> = {
  'db.reset': 'reference.reset',
  'subject.restart': 'reference.restart',
}

/** The pod with the reference and its database in the place of the program and its own, for whoever prepares one or the other. */
export function referencePod(pod: Pod): Pod {
  return {
    ...pod,
    ...pod.reference,
    control: action => {
      const own = OF_THE_REFERENCE[action]
      return own ? pod.control(own) : Promise.reject(new Error(`the reference has no "${action}"`))
    },
  }
}
