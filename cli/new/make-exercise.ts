import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import type { Kind } from '../../core/exercise.ts'
import { CommandError, EXIT } from '../errors.ts'

/** Whole exercises, one of each kind: what `assay check` finds in order (tests/cli/new.test.ts). */
const TEMPLATES = join(import.meta.dirname, 'templates')

export type Wanted = { kind: Kind; slug: string; title: string; parent: string }

/** Copies the kind's template into a new folder of the parent under its own title. Throws CommandError where something stands already. */
export async function makeExercise({ kind, slug, title, parent }: Wanted): Promise<{ folder: string; files: string[] }> {
  const folder = resolve(parent, slug)
  await mkdir(parent, { recursive: true })
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
    throw new CommandError(EXIT.usage, `${folder} is there already, and nothing was changed. Choose another slug, or --in another folder.`)
  })
  await cp(join(TEMPLATES, kind), folder, { recursive: true })

  const manifest = join(folder, 'exercise.yaml')
  const document = parseDocument(await readFile(manifest, 'utf8'))
  document.set('title', title)
  await writeFile(manifest, document.toString({ lineWidth: 0 }))
  const statement = join(folder, 'README.md')
  await writeFile(
    statement,
    (await readFile(statement, 'utf8')).replace(/^# .*/, () => `# ${title}`),
  )

  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => relative(folder, join(entry.parentPath, entry.name)))
  return { folder, files: files.sort() }
}
