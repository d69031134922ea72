import { EventEmitter } from 'node:events'

/**
 * Hints from the store to the rest of this process: "there is something new, look". A hint carries no data and may be
 * lost or come twice; the store's tables are the truth, and whoever listens also looks by itself now and then.
 */
export type Hints = {
  /** A submission has new events. */
  eventsAdded: (submissionId: string) => void
  /** Calls the listener at each of a submission's hints until the returned function is called. */
  onEvent: (submissionId: string, listener: () => void) => () => void
  /** Work came, or a place became free. */
  lineMoved: () => void
  onLineMoved: (listener: () => void) => () => void
}

export function createHints(): Hints {
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
