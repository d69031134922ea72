import { describe, expect, test } from 'vitest'
import { checkFiles, pathFault } from '../../core/files.ts'
import { limitsSchema } from '../../core/limits-schema.ts'

const limits = limitsSchema.parse(undefined)

describe('paths', () => {
  test.each(['server.js', 'lib/a-b.js', 'steps/01-add column.up.sql', 'deep/a/b/c/d.txt'])('%s is taken', path => {
    expect(pathFault(path)).toBeUndefined()
  })

  test.each([
    '',
    '/etc/passwd',
    '../up.sql',
    'a/../b',
    'a//b',
    './a',
    'a/',
    '-rf',
    '$(id).js',
    'a\nb',
    'a\0b',
    'node_modules/x.js',
    '.npmrc',
    '.env.local',
    'lib/.user.ini',
    'npm-shrinkwrap.json',
    'compose.yaml',
    '__proto__',
    'lib/__proto__/x.js',
    'Dockerfile',
    'a/.GIT/config',
    '\u202Egpj.js',
    'é.js',
    'x'.repeat(201),
    'a/b/c/d/e/f/g/h/i',
  ])('%j is refused', path => {
    expect(pathFault(path)).toBeTypeOf('string')
  })
})

describe('files', () => {
  test.each<[string, Record<string, string>, string]>([
    ['none', {}, 'at least one'],
    ['one that may not be handed in', { 'other.txt': '' }, 'takes only'],
    ['one that is too large', { 'a.js': 'x'.repeat(limits.fileBytes + 1) }, 'at most'],
    ['too many', Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`f${i}.js`, ''])), 'at most 50'],
    ['NUL characters', { 'a.js': 'a\0b' }, 'NUL'],
    ['a lone surrogate', { 'a.js': '\uD800' }, 'Unicode'],
    ['names that differ in case', { 'a.js': '', 'A.js': '' }, 'only in case'],
    ['a file below a file', { 'a.js': '', 'a.js/b.js': '' }, 'which is a file'],
  ])('%s: refused with a reason', (_, files, reason) => {
    expect(
      checkFiles(files, limits, ['*.js', 'a.js/*'])
        .map(finding => finding.message)
        .join('\n'),
    ).toContain(reason)
  })

  test('that fit are taken', () => {
    expect(checkFiles({ 'server.js': 'x', 'lib/a/b.js': 'y' }, limits, ['server.js', 'lib/**'])).toEqual([])
  })
})
