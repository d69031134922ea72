/** The learner's migration, as a test drives it. */
export type Migration = {
  /** Runs every step's `up`, in order. */
  up: () => Promise<void>
  /** Runs every step's `down`, in reverse order. */
  down: () => Promise<void>
}
