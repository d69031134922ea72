/** Runs work at most `size` at a time, in the order in which it was asked for. */
export type Pool = <T>(work: () => Promise<T>) => Promise<T>

export function createPool(size: number): Pool {
  let free = size
  const waiting: (() => void)[] = []
  return async work => {
    if (free > 0) free -= 1
    else await new Promise<void>(go => waiting.push(go))
    try {
      return await work()
    } finally {
      // The place is handed over, not given back: nobody who comes later gets it first.
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
