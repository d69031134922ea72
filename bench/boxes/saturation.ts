import { unmeasuredLife, type LifeOptions } from './box-life.ts'

export type Saturation = { perSecond: number; processor: number; lives: number }

/** Whole lives one after the other in so many lines at once, for a while: how many a second, and processor milliseconds each. */
export async function saturate(options: LifeOptions, { lines, forMs }: { lines: number; forMs: number }): Promise<Saturation> {
  const { own } = options
  await own.settle()
  const [used, began] = [own.usedMs(), performance.now()]
  let lives = 0
  const line = async () => {
    while (performance.now() - began < forMs) {
      await unmeasuredLife(options)
      lives++
    }
  }
  await Promise.all(Array.from({ length: lines }, line))
  const seconds = (performance.now() - began) / 1000
  await own.settle()
  return { perSecond: lives / seconds, processor: (own.usedMs() - used) / lives, lives }
}
