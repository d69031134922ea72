import { join } from 'node:path'
import type { Bundle } from './bundle.ts'
import { InvalidInput, type Finding } from './errors.ts'
import type { Manifest } from './exercise.ts'
import { readFiles } from './read-files.ts'
import { readYaml } from './read-manifest.ts'
import { sampleSchema } from './read-samples.ts'
import { RUNTIME_NAMES, runtimesOf, type RuntimeName } from './runtimes.ts'
import type { FileMap } from './submission.ts'

/*
 * The accepted sample that an endpoint's program is compared with (`reference` in exercise.yaml). A bundle holds it below
 * reference/<runtime>/, since graders run it; learners are shown nothing of a bundle.
 */
export type Reference = { path: string; runtime: RuntimeName; files: FileMap }

const FOLDER = 'reference'

/** The reference's files as a bundle holds them, and what is wrong with them. Nothing where the exercise names none. */
export async function readReference(folder: string, manifest: Manifest): Promise<{ files: FileMap; findings: Finding[] }> {
  if (manifest.kind !== 'endpoint' || manifest.reference === undefined) return { files: {}, findings: [] }
  const wrong = (message: string) => ({
    files: {},
    findings: [{ file: join(folder, 'exercise.yaml'), field: 'reference', message }],
  })
  const top = join(folder, manifest.reference)
  let found
  try {
    found = await readFiles(top)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
    return wrong(`expected the folder of an accepted sample, but there is no ${manifest.reference}`)
  }
  const { 'sample.yaml': yaml, ...own } = found.files
  let runtime = runtimesOf(manifest)[0]
  try {
    runtime = (yaml === undefined ? undefined : readYaml(yaml, join(top, 'sample.yaml'), sampleSchema).runtime) ?? runtime
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    return { files: {}, findings: [...found.findings, ...error.findings] }
  }
  const entry = manifest.runtimes[runtime as RuntimeName]?.entry
  if (entry === undefined || !(entry in own))
    return wrong(`expected ${entry ?? `a program for ${runtime}`} in ${manifest.reference}, got none`)
  const files = Object.fromEntries(Object.entries(own).map(([path, text]) => [`${FOLDER}/${runtime}/${path}`, text]))
  return { files, findings: found.findings }
}

/** That no file of the exercise stands where a bundle holds its reference. */
export function isInTheWay(manifest: Manifest, path: string): boolean {
  return manifest.kind === 'endpoint' && manifest.reference !== undefined && path.startsWith(`${FOLDER}/`)
}

/** What a bundle's program is compared with; undefined where its exercise names no reference. */
export function referenceOf({ manifest, files }: Pick<Bundle, 'manifest' | 'files'>): Reference | undefined {
  if (manifest.kind !== 'endpoint' || manifest.reference === undefined) return undefined
  const runtime = RUNTIME_NAMES.find(name => Object.keys(files).some(path => path.startsWith(`${FOLDER}/${name}/`)))
  if (!runtime) return undefined
  const prefix = `${FOLDER}/${runtime}/`
  const own = Object.entries(files).filter(([path]) => path.startsWith(prefix))
  return { path: manifest.reference, runtime, files: Object.fromEntries(own.map(([path, text]) => [path.slice(prefix.length), text])) }
}
