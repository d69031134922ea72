import type { Finding } from './errors.ts'
import type { Limits } from './limits.ts'
import type { FileMap } from './submission.ts'

/**
 * Checks a submission's files before anything else sees them. A path is relative, of plain segments, and matches
 * one of the exercise's editable patterns; names that a runtime, a package manager or a shell would act on are refused.
 * Returns every fault found; none means that the files may be kept.
 */
export function checkFiles(files: FileMap, limits: Limits, editable: readonly string[]): Finding[] {
  const paths = Object.keys(files)
  const findings: Finding[] = []
  if (paths.length === 0) findings.push({ file: 'files', message: 'expected at least one file, got none' })
  if (paths.length > limits.files) findings.push({ file: 'files', message: `expected at most ${limits.files} files, got ${paths.length}` })
  let total = 0
  const allowed = editable.map(patternToRegExp)
  const lowered = new Map<string, string>()
  for (const path of paths.slice(0, limits.files + 1)) {
    const shown = JSON.stringify(path.length > 120 ? `${path.slice(0, 120)}…` : path)
    const bytes = Buffer.byteLength(files[path]!)
    total += bytes
    const fault = pathFault(path)
    if (fault) findings.push({ file: shown, message: fault })
    else if (!allowed.some(pattern => pattern.test(path)))
      findings.push({ file: shown, message: `this exercise takes only ${editable.join(', ')}` })
    if (bytes > limits.fileBytes) findings.push({ file: shown, message: `expected at most ${limits.fileBytes} bytes, got ${bytes}` })
    if (files[path]!.includes('\0')) findings.push({ file: shown, message: 'contains a NUL character; only text files are taken' })
    if (!files[path]!.isWellFormed()) findings.push({ file: shown, message: 'is not valid Unicode (a lone surrogate)' })
    const twin = lowered.get(path.toLowerCase())
    if (twin) findings.push({ file: shown, message: `differs from ${JSON.stringify(twin)} only in case` })
    lowered.set(path.toLowerCase(), path)
    const parent = foldersOf(path).find(folder => Object.hasOwn(files, folder))
    if (parent) findings.push({ file: shown, message: `stands below ${JSON.stringify(parent)}, which is a file` })
  }
  if (total > limits.allFilesBytes)
    findings.push({ file: 'files', message: `expected at most ${limits.allFilesBytes} bytes in all, got ${total}` })
  return findings
}

function foldersOf(path: string): string[] {
  const segments = path.split('/').slice(0, -1)
  return segments.map((_, depth) => segments.slice(0, depth + 1).join('/'))
}

/** What a runtime, a package manager or a tool would act on wherever it lies; and what is no name to JavaScript. */
const RESERVED = new Set([
  'node_modules',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'bunfig.toml',
  'dockerfile',
  'containerfile',
  'docker-compose.yml',
  'docker-compose.yaml',
  'compose.yml',
  'compose.yaml',
  '__proto__',
])

/** Why a path can't be taken, or undefined. */
export function pathFault(path: string): string | undefined {
  if (path.length === 0 || Buffer.byteLength(path) > 200) return 'expected a path of 1 to 200 bytes'
  if (!/^[A-Za-z0-9._/@+ -]+$/.test(path)) return 'a path may hold letters, digits, spaces and . _ - + @ / only'
  const segments = path.split('/')
  if (segments.length > 8) return 'expected at most 8 levels of folders'
  for (const segment of segments) {
    if (segment === '' || segment === '.' || segment === '..') return 'expected a relative path without empty, "." or ".." parts'
    if (segment.startsWith('-') || segment !== segment.trim()) return 'a name may not begin with "-" nor begin or end with a space'
    // .npmrc, .user.ini, .git, .env and whatever comes to be read next.
    if (segment.startsWith('.')) return 'a name may not begin with "."'
    if (RESERVED.has(segment.toLowerCase())) return `the name "${segment}" is reserved`
  }
  return undefined
}

/** `lib/**` and `*.js` as people write them: `*` stays within a folder, `**` crosses folders. */
export function patternToRegExp(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?|\*|\?/g, found => (found === '*' ? '[^/]*' : found === '?' ? '[^/]' : '.*'))
  return new RegExp(`^${source}$`)
}
