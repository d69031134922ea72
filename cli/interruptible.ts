import { interruption } from './interrupt.ts'

/**
 * Runs a command's work with a signal that Ctrl-C aborts, so that its boxes and children are cleared away before it ends
 * with 130. Whatever breaks after an interruption is only its consequence.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = interruption()
  try {
    return await work(signal)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
