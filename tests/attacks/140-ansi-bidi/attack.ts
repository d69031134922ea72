import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Platform } from '../platform.ts'

/** What a terminal acts on, each with a mark behind it that shows it was printed at all. */
const SEQUENCES = [
  '\u001b]52;c;cm0gLXJmIH4=\u0007MARK-clipboard',
  '\u009d52;c;cm0gLXJmIH4=\u009cMARK-clipboard8',
  '\u001b]0;owned\u001b\\MARK-title',
  '\u001b]8;;http://198.51.100.1/\u0007MARK-link\u001b]8;;\u0007',
  '\u001b[2J\u001b[H\u001b[32mMARK-accepted 10 of 10\u001b[0m',
  '\u009b2J\u009b1;1HMARK-c1',
  '\u001b[1A\u001b[2KMARK-over',
  '\u001bP+q544e\u001b\\MARK-dcs',
  '\u001b_Gf=24;AAAA\u001b\\MARK-apc',
  '\u001bc\u001b(0MARK-reset',
  '\u001b[?1049h\u001b[?25l\u001b[6n\u001b[c\u0005MARK-query',
  'MARK-return\rover it',
  '\b\b\b\b\bMARK-back\u007f\u0007\u000e\u000f',
  '\u202eMARK-override\u202c\u2066MARK-isolate\u2069\u200f\u200e\u061c',
  'MARK-in\u200bvisi\u2060ble\ufeff\u00ad',
  '\u2028\u2029\u0085\u000b\u000cMARK-breaks',
  'MARK-tags\u{e0041}\u{e0042}',
]
/** Everything that isn't printable or a line feed, and whatever turns or hides text. */
const ACTED_ON = /[^\P{Cc}\n]|[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/u

export default async function ansiBidi(platform: Platform): Promise<string> {
  const learner = await platform.person()
  const text = SEQUENCES.join('\n')
  const server = `
    import { createServer } from 'node:http'
    const text = ${JSON.stringify(text)}
    process.stdout.write(text + '\\n')
    process.stderr.write(text + '\\n')
    createServer((request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(text)).listen(process.env.PORT)`
  const crash = `process.stderr.write(${JSON.stringify(text)}); throw new Error(${JSON.stringify(text)})`
  const query = `SELECT 1 AS "${text.replaceAll('"', '')}", "${text.replaceAll('"', '')}" FROM bookings`
  const packageJson = '{"type":"module"}'
  const given: { exercise: string; files: Record<string, string> }[] = [
    { exercise: 'greeting', files: { 'server.js': server, 'package.json': packageJson } },
    { exercise: 'greeting', files: { 'server.js': crash, 'package.json': packageJson } },
    { exercise: 'bookings', files: { 'query.sql': query } },
  ]
  const folder = await mkdtemp(join(tmpdir(), 'assay-ansi-'))
  const printed: [what: string, text: string][] = []
  try {
    for (const [index, { exercise, files }] of given.entries()) {
      const { id } = await platform.gradeToEnd(learner, { exercise, files })
      for (const args of [
        ['report', id],
        ['report', id, '--json'],
        ['report', id, '--watch'],
        ['status', id],
        ['status', id, '--json'],
      ]) {
        const { stdout, stderr } = await platform.assay(learner, args)
        printed.push([`assay ${args.join(' ')}`, stdout + stderr])
      }
      const work = join(folder, String(index))
      await writeFile(work, Object.values(files)[0]!)
      const { stdout, stderr } = await platform.assay(learner, ['submit', exercise, work, '--watch', '--json'])
      printed.push([`assay submit ${exercise}`, stdout + stderr])
    }
    // The server's words about a name of the sender's.
    const odd = join(folder, `x\u001b]0;owned\u0007\u202e\u009b2J.sql`)
    await writeFile(odd, 'SELECT 1')
    for (const args of [
      ['submit', 'bookings', odd],
      ['report', `sub_\u001b]0;owned\u0007\u202e`],
      ['submit', `x\u001b[2J\u202e`, odd],
    ]) {
      const { stdout, stderr } = await platform.assay(learner, args)
      printed.push([`assay ${JSON.stringify(args.slice(0, 2))}`, stdout + stderr])
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  for (const [what, words] of printed) {
    const at = words.search(ACTED_ON)
    assert.equal(
      at,
      -1,
      `${what} printed ${JSON.stringify(words.slice(Math.max(0, at - 40), at + 40))} (U+${words.codePointAt(at)?.toString(16)})`,
    )
  }
  const seen = printed.filter(([, words]) => words.includes('MARK-')).length
  assert.ok(seen >= 6, `only ${seen} of ${printed.length} showed the program's words: nothing was tried`)
  return `${SEQUENCES.length} sequences by ${printed.length} commands, ${seen} of which show the program's words: all printable`
}
