/** A runtime is data: the image a program runs in and the way its entry file is started. */
export type Runtime = {
  title: string
  image: ImageName
  /** The program and its arguments; `entry` is the exercise's entry file, relative to the working folder. */
  start: (entry: string) => string[]
  /**
   * The same program started ahead of its files: it waits until they are laid (sandbox-images/agent/waiting.ts). `packages` are
   * those of the image that it loads meanwhile.
   */
  startWaiting?: (entry: string, packages: string[]) => { command: string[]; modules: string[] }
}

export const IMAGE_NAMES = ['base', 'node', 'postgres', 'examiner'] as const
export type ImageName = (typeof IMAGE_NAMES)[number]

export const RUNTIME_NAMES = ['node'] as const
export type RuntimeName = (typeof RUNTIME_NAMES)[number]

/** What nearly every server asks for on its way to its first answer: `listen` asks for the last two. */
const ALWAYS = ['./node-http.mjs', 'node:dns', 'node:cluster']
/** What a package asks for only while it works. */
const LATER: Record<string, string[]> = { express: ['iconv-lite/encodings'] }

export const RUNTIMES: Record<RuntimeName, Runtime> = {
  node: {
    title: 'Node 24',
    image: 'node',
    start: entry => ['node', entry],
    startWaiting: (entry, packages) => ({
      command: ['node', '--require', '/opt/runtime/waiting/waiting.cjs', `/work/${entry}`],
      modules: [...ALWAYS, ...packages.flatMap(name => [name, ...(LATER[name] ?? [])])],
    }),
  },
}

/** What a submission may name as its runtime: an endpoint's programs run in one of ours, SQL runs in the database. */
export const SUBMISSION_RUNTIMES = [...RUNTIME_NAMES, 'sql'] as const
export type SubmissionRuntime = (typeof SUBMISSION_RUNTIMES)[number]

/** The runtimes that an exercise offers, the first being the one taken when a submission names none. */
export function runtimesOf(manifest: { kind: string; runtimes?: Partial<Record<RuntimeName, unknown>> }): SubmissionRuntime[] {
  return manifest.runtimes ? RUNTIME_NAMES.filter(name => manifest.runtimes?.[name]) : ['sql']
}
