import { mkdirSync, writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { dirname, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FileMap } from '../core/submission.ts'

/**
 * Writes the exercise's files below `folder`, so that its tests can be imported. `javascript` has the text of those among them
 * whose types were taken out already: Node runs that and doesn't look for types again.
 */
export function layFiles(folder: string, files: FileMap, javascript: FileMap = {}): void {
  const sources = new Map<string, string>()
  for (const [path, text] of Object.entries(files)) {
    const target = resolve(folder, path)
    if (!target.startsWith(`${resolve(folder)}${sep}`)) throw new Error(`"${path}" would stand outside of the exercise`)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
    const source = javascript[path]
    if (source !== undefined) sources.set(pathToFileURL(target).href, source)
  }
  // Says to Node what our tests are, which it would otherwise find out by trying.
  mkdirSync(folder, { recursive: true })
  writeFileSync(resolve(folder, 'package.json'), '{"type":"module"}')
  if (sources.size > 0) loadFrom(sources)
}

function loadFrom(sources: ReadonlyMap<string, string>): void {
  registerHooks({
    load: (url, context, next) => {
      const source = sources.get(url)
      return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true }
    },
  })
}
