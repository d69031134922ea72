import { readFile } from 'node:fs/promises'
import type { Finding } from '../../core/errors.ts'
import { placeInYaml } from '../../core/read-manifest.ts'

/** A finding with the line of what it names, a field of a YAML file or a test by its id, where that can be found. */
export async function locate(finding: Finding): Promise<Finding> {
  const { file, field, line } = finding
  if (field === undefined || line !== undefined) return finding
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return finding
  return { ...finding, ...(file.endsWith('.yaml') ? placeInYaml(text, field) : placeOfTest(text, field)) }
}

/** Tests say their id as `id: 'refuse-missing'`. Where one stands twice it is the later that a finding is about. */
function placeOfTest(text: string, id: string): { line?: number; column?: number } {
  const at = [...text.matchAll(/\bid:\s*(['"`])(.*?)\1/g)].findLast(([, , said]) => said === id)?.index
  if (at === undefined) return {}
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}
