/**
 * A control: something of ours that stands in an attack's way, and how it is taken away. It is taken away in a copy of
 * the source, so that what is proven is the line of code itself.
 */
export type Control = {
  name: string
  /** Heading of the table it stands in. */
  group: string
  /** The exact text in the source (it must stand there once) and what takes its place. */
  takeAway: readonly Edit[]
  /** What shows that it is gone; the first that turns red counts. */
  shownBy: readonly Evidence[]
  /** Another control that stops the same attacks: both are taken away, since either alone holds them. */
  together?: string
}

export type Edit = { file: string; from: string; to: string }

/** Attacks of the corpus that get through; a fact that a box sees of itself; a test of ours that fails. */
export type Evidence = { attacks: readonly number[] } | { fact: string } | { test: string; named?: string }
