import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fetchNpmBinary, npmArchitecture } from './npm-binary.ts'

/** The newest version that the registry has for both architectures (2.66 is there for x64 alone). */
export const SQUAWK_VERSION = '2.61.0'
const INTEGRITY: Record<string, string> = {
  x64: 'sha512-LS5FcbzvBHOr0T8Oy5TvcDpJSZV8aOhnMXUSgHz9qSplIR3ooQ1NwOs8H9+kG+skKAM0yG63a5ekzPgyd0u1Uw==',
  arm64: 'sha512-hGb50Tvo++XzULvjB/ZbcSVfKgNcysEP4bxB+gRzbMa9DGaLG74E8fX6AzOvEC6w8ujP0xs8ft9OHvG1vdUf7w==',
}

/** The path of squawk, the linter of migrations, for the engine's machine: fetched once. Its package holds the program itself, 22 MB. */
export async function squawkBinary(engineArchitecture: string, cacheFolder: string, log: (line: string) => void): Promise<string> {
  const architecture = npmArchitecture(engineArchitecture)
  const fetched = join(cacheFolder, `squawk-${SQUAWK_VERSION}-${architecture}`)
  if (!existsSync(fetched)) {
    log(`fetching squawk ${SQUAWK_VERSION} for ${architecture}`)
    const name = `@squawk-cli/linux-${architecture}@${SQUAWK_VERSION}`
    await fetchNpmBinary({ name, path: 'bin/squawk', words: 'the linter of migrations', integrity: INTEGRITY[architecture]! }, fetched)
  }
  return fetched
}
