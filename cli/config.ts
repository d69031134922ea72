import { resolve } from 'node:path'
import { z } from 'zod'
import { readEnvironment } from '../core/read-environment.ts'
import { SANDBOX_RUNTIMES } from '../core/sandbox-runtime.ts'
import { SETTINGS } from '../core/settings.ts'

const schema = z.object({
  ASSAY_URL: z.url().default(SETTINGS.ASSAY_URL.default),
  ASSAY_TOKEN: z.string().optional(),
  ASSAY_EXERCISES: z.string().default(SETTINGS.ASSAY_EXERCISES.default),
  ASSAY_DATA: z.string().default(SETTINGS.ASSAY_DATA.default),
  ASSAY_STORE_URL: z
    .string()
    .regex(/^sqlite:.+/, 'expected sqlite:<path>')
    .optional(),
  ASSAY_RUNTIME: z.enum(SANDBOX_RUNTIMES).default(SETTINGS.ASSAY_RUNTIME.default),
  NO_COLOR: z.string().optional(),
  TERM: z.string().optional(),
})

export type CliConfig = ReturnType<typeof cliConfig>

/** Reads the settings of the command line once; throws InvalidInput naming each setting that is wrong. */
export function cliConfig(environment: NodeJS.ProcessEnv) {
  const settings = readEnvironment(schema, environment, ['ASSAY_TOKEN'])
  return Object.freeze({
    serverUrl: settings.ASSAY_URL.replace(/\/+$/, ''),
    token: settings.ASSAY_TOKEN,
    exercisesFolder: resolve(settings.ASSAY_EXERCISES),
    dataFolder: resolve(settings.ASSAY_DATA),
    storeUrl: settings.ASSAY_STORE_URL,
    sandboxRuntime: settings.ASSAY_RUNTIME,
    colourless: settings.NO_COLOR !== undefined || settings.TERM === 'dumb',
  })
}
