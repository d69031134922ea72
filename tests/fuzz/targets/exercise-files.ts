import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as fc from 'fast-check'
import { InvalidInput } from '../../../core/errors.ts'
import { checkExercise } from '../../../core/exercise-faults.ts'
import { checkFiles } from '../../../core/files.ts'
import { limitsSchema } from '../../../core/limits-schema.ts'
import { readManifest } from '../../../core/read-manifest.ts'
import { mutatedText } from '../mutate.ts'
import { target } from '../target.ts'

const library = resolve(import.meta.dirname, '../../../exercises')
const manifests = ['parcel-lockers', 'money-transfers', 'free-nights', 'members-in-order'].map(slug =>
  readFileSync(`${library}/${slug}/exercise.yaml`, 'utf8'),
)
const PIECES = [
  '&a [*a, *a]',
  '*a',
  '<<: *a',
  '!!binary ',
  '!!js/function ',
  '? ',
  '- ',
  '{',
  ']',
  '\t',
  '\n',
  ': ',
  '#',
  '|',
  '>',
  '%YAML 1.1\n',
  '---\n',
  '...',
  '1e400',
  '0x7f',
  '.nan',
  '~',
  '__proto__: ',
  'constructor: ',
  '"\\u0000"',
  '99999999999999999999',
]

/** exercise.yaml, as an author might write it on a very bad day. */
export const manifestText = target({
  name: 'exercise.yaml',
  cases: mutatedText(manifests, PIECES),
  read(text) {
    try {
      checkExercise(readManifest(text, 'exercise.yaml'), { 'README.md': '# Title' })
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error
      if (error.message.length > 100_000) throw new Error('the words of a fault have no end', { cause: error })
    }
  },
})

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        'a',
        'lib',
        '..',
        '.',
        '',
        'node_modules',
        '.npmrc',
        'Dockerfile',
        'package.json',
        '-rf',
        '$(id)',
        'NUL',
        'é',
        'e\u0301',
        '\u202e',
        '\0',
        'C:',
        '__proto__',
        'constructor',
      ),
      { maxLength: 12 },
    )
    .map(parts => parts.join('/')),
)
const limits = limitsSchema.parse({})

/** The files of a submission: names and contents of all kinds. */
export const fileNames = target({
  name: 'names of handed-in files',
  cases: fc.dictionary(name, fc.string({ unit: 'binary', maxLength: 100 }), { maxKeys: 12 }),
  read(files) {
    const refused = checkFiles(files, limits, ['*.js', 'lib/**', 'package.json']).length > 0
    const bad = Object.keys(files).find(isBad)
    if (bad !== undefined && !refused) throw new Error(`a file ${JSON.stringify(bad)} was taken`)
  },
})

/** What no list of names may hold, said another way than core/files.ts does. */
function isBad(path: string): boolean {
  const parts = path.split('/')
  return (
    parts.some(part => ['', '.', '..', 'node_modules', '.npmrc', 'Dockerfile'].includes(part)) ||
    path.startsWith('-') ||
    path.includes('\\') ||
    Array.from(path).some(character => character < ' ' || (character >= '\u202a' && character <= '\u202e'))
  )
}
