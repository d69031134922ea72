/** What a naive grader asks of an engine: by its command line, or by the API where no command line is installed. */
export type Containers = {
  /** How it is asked, for the head of the table. */
  words: string
  createNetwork: (name: string) => Promise<void>
  start: (run: Run) => Promise<void>
  /** Starts a container and returns its exit code once it has ended. */
  runToEnd: (run: Run) => Promise<number>
  /** Kills and removes containers; one that is not there is no matter. */
  remove: (names: readonly string[]) => Promise<void>
  removeNetwork: (name: string) => Promise<void>
}

export type Run = {
  name: string
  image: string
  network: string
  /** Where it differs from the image's. */
  command?: readonly string[]
  memory: string
  /** A file that gets the container's id as soon as there is one. */
  idFile: string
  env?: Record<string, string>
  /** Host folder → container folder; `:ro` at the end keeps it from being written. */
  mounts?: Record<string, string>
}

/** On everything that the naive design of this process makes, so that what an interruption leaves is found (sweep.ts). */
export const NAIVE_LABEL = `assay.bench=${process.pid}`
