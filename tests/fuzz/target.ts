import type * as fc from 'fast-check'

/** Something of ours that reads hostile bytes, and what it must do with whatever comes. */
export type Target<T = unknown> = {
  name: string
  /** What is let at it. */
  cases: fc.Arbitrary<T>
  /** Reads one case. Throws when the reader did anything but read it or refuse it in its own words. */
  read: (value: T) => Promise<void> | void
  /** Memory that its process may take at most, in MiB. */
  mayPeak?: number
  /** Ends what `open` of a target brought up. */
  close?: () => Promise<void>
}

export const target = <T>(given: Target<T>): Target => given as Target
