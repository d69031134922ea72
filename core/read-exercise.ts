import { basename, join, resolve } from 'node:path'
import { makeBundle, type Bundle } from './bundle.ts'
import { InvalidInput, type Finding } from './errors.ts'
import { slug as slugSchema, type Manifest } from './exercise.ts'
import { checkExercise } from './exercise-faults.ts'
import { readFiles } from './read-files.ts'
import { readManifest } from './read-manifest.ts'
import { isInTheWay, readReference } from './reference.ts'
import { runtimesOf, type SubmissionRuntime } from './runtimes.ts'
import type { FileMap } from './submission.ts'

/** An exercise as its folder holds it, samples apart (read-samples.ts). */
export type Exercise = {
  slug: string
  folder: string
  manifest: Manifest
  /** README.md. Not part of the bundle: mending a word of the statement makes no new version. */
  statement: string
  starter: Partial<Record<SubmissionRuntime, FileMap>>
  bundle: Bundle
}

/** Reads and checks an exercise's folder. Throws InvalidInput with every fault found: file, field, what was expected, what came. */
export async function readExercise(folder: string): Promise<Exercise> {
  const { files, findings } = await readFolder(folder)
  const named = basename(resolve(folder))
  if (!slugSchema.safeParse(named).success)
    findings.push({ file: folder, message: `expected a name of lower-case letters, digits and hyphens, at most 64, got "${named}"` })

  let manifest: Manifest | undefined
  const yaml = files['exercise.yaml']
  if (yaml === undefined) findings.push({ file: join(folder, 'exercise.yaml'), message: 'is missing; an exercise begins with it' })
  else {
    try {
      manifest = readManifest(yaml, join(folder, 'exercise.yaml'))
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error
      findings.push(...error.findings)
    }
  }
  if (manifest) findings.push(...checkExercise(manifest, files).map(finding => ({ ...finding, file: join(folder, finding.file) })))
  const reference = manifest && (await readReference(folder, manifest))
  findings.push(...(reference?.findings ?? []))
  if (manifest)
    for (const path of Object.keys(files))
      if (isInTheWay(manifest, path))
        findings.push({
          file: join(folder, path),
          message: 'stands where graders find the "reference" of exercise.yaml; give it another folder',
        })
  if (!manifest || findings.length > 0) throw new InvalidInput(findings)

  return {
    slug: named,
    folder,
    manifest,
    statement: files['README.md']!,
    starter: Object.fromEntries(runtimesOf(manifest).map(runtime => [runtime, below(files, `starter/${runtime}/`)])),
    bundle: makeBundle(named, manifest, { ...bundled(files), ...reference?.files }),
  }
}

async function readFolder(folder: string): Promise<{ files: FileMap; findings: Finding[] }> {
  try {
    return await readFiles(folder, path => path === 'submissions')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
    throw new InvalidInput([{ file: folder, message: 'expected the folder of an exercise, found none' }])
  }
}

/** What graders need of these: everything but the statement and the starter (and submissions/, which is not among them). */
function bundled(files: FileMap): FileMap {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path !== 'README.md' && !path.startsWith('starter/')))
}

/** The files below a folder, by their paths relative to it. */
export function below(files: FileMap, prefix: string): FileMap {
  return Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, text]) => [path.slice(prefix.length), text]),
  )
}
