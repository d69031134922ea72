/** A runtime is data: the image a program runs in and the way its entry file is started. */
export type Runtime = {
  title: string
  image: ImageName
  /** The program and its arguments; `entry` is the exercise's entry file, relative to the working folder. */
  start: (entry: string) => string[]
  /** The same program started ahead of its files: it loads what they are likely to import, and waits (sandbox-images/agent/waiting.go). */
  startWaiting?: (entry: string, imports: readonly LoadedAhead[]) => { command: string[]; modules: string[] }
}

/** What a waiting program can load before its files come. */
export const LOADED_AHEAD = ['node:http', 'express', 'fastify', 'pg'] as const
export type LoadedAhead = (typeof LOADED_AHEAD)[number]

/** The agent's is no box: it holds what the two images after it copy. */
export const IMAGE_NAMES = ['base', 'agent', 'node', 'postgres', 'examiner'] as const
export type ImageName = (typeof IMAGE_NAMES)[number]

export const RUNTIME_NAMES = ['node'] as const
export type RuntimeName = (typeof RUNTIME_NAMES)[number]

/** `listen` asks for these. */
const FOR_LISTENING = ['node:dns', 'node:cluster']
/** The second of Express is what it asks for when it first reads a body. */
const MODULES: Record<LoadedAhead, string[]> = {
  'node:http': ['./node-http.mjs'],
  express: ['express', 'iconv-lite/encodings'],
  fastify: ['fastify'],
  pg: ['pg'],
}

export const RUNTIMES: Record<RuntimeName, Runtime> = {
  node: {
    title: 'Node 24',
    image: 'node',
    start: entry => ['node', entry],
    startWaiting: (entry, imports) => ({
      command: ['node', '--require', '/opt/runtime/waiting/waiting.cjs', `/work/${entry}`],
      modules: [...FOR_LISTENING, ...imports.flatMap(name => MODULES[name])],
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
