import { patternToRegExp } from '../../core/files.ts'
import type { FileMap } from '../../core/submission.ts'

/** What an exercise wants: paths by its patterns, and perhaps the file that is run. */
export type Wanted = { editable: readonly string[]; entry: string | undefined }

/**
 * Archives are often made of a folder rather than of what is in it, and a code host's always are. When all files stand in
 * one folder, the exercise could use none of them so, and could without the folder, they are taken without it.
 */
export function withoutTopFolder(files: FileMap, wanted: Wanted): FileMap {
  const paths = Object.keys(files)
  const top = paths[0]?.split('/')[0]
  if (top === undefined || !paths.every(path => path.startsWith(`${top}/`))) return files
  const inside = Object.fromEntries(Object.entries(files).map(([path, text]) => [path.slice(top.length + 1), text]))
  return !isUseful(files, wanted) && isUseful(inside, wanted) ? inside : files
}

function isUseful(files: FileMap, { editable, entry }: Wanted): boolean {
  if (entry !== undefined) return Object.hasOwn(files, entry)
  const patterns = editable.map(patternToRegExp)
  return Object.keys(files).some(path => patterns.some(pattern => pattern.test(path)))
}
