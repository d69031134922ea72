import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Edit } from './control.ts'

/** A copy of the project's source in which controls are taken away and put back. */
export type Copy = Disposable & { folder: string; takeAway(edits: readonly Edit[]): Disposable }

export function copySource(root: string): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'assay-matrix-'))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 64 * 1024 ** 2,
  })
  // What was removed and not committed yet is still listed.
  const paths = new Set(listed.toString().split('\0')).values().filter(path => path !== '' && existsSync(join(root, path)))
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    copyFileSync(join(root, path), join(folder, path))
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  symlinkSync(join(root, '.cache'), join(folder, '.cache'))
  return {
    folder,
    takeAway(edits) {
      const before = new Map(edits.map(({ file }) => [file, readFileSync(join(folder, file), 'utf8')]))
      for (const edit of edits) apply(folder, edit)
      return { [Symbol.dispose]: () => before.forEach((text, file) => writeFileSync(join(folder, file), text)) }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Throws when the text doesn't stand there exactly once: the source has changed, and the control with it. */
function apply(folder: string, { file, from, to }: Edit): void {
  const text = readFileSync(join(folder, file), 'utf8')
  const places = text.split(from).length - 1
  if (places !== 1) throw new Error(`${file}: expected this text once, found it ${places} times: ${from}`)
  const changed = text.replace(from, () => to)
  // A file that can't be read any more would turn everything red.
  if (file.endsWith('.ts')) stripTypeScriptTypes(changed)
  writeFileSync(join(folder, file), changed)
}
