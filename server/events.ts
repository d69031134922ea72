import { EventEmitter } from 'node:events'
import type { Hints } from './store/store.ts'

/** The store's hints on their way to those who wait for them in this process; all of them also look by themselves now and then. */
export type HintBus = Hints & {
  /** Calls the listener at each of a submission's hints until the returned function is called. */
  onEvent: (submissionId: string, listener: () => void) => () => void
  onLineMoved: (listener: () => void) => () => void
}

export function createHints(): HintBus {
  const emitter = new EventEmitter().setMaxListeners(0)
  const on = (name: string, listener: () => void) => {
    emitter.on(name, listener)
    return () => void emitter.off(name, listener)
  }
  return {
    eventsAdded: submissionId => void emitter.emit(`events ${submissionId}`),
    onEvent: (submissionId, listener) => on(`events ${submissionId}`, listener),
    lineMoved: () => void emitter.emit('line'),
    onLineMoved: listener => on('line', listener),
  }
}
