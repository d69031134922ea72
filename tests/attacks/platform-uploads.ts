import assert from 'node:assert/strict'
import type { FileMap } from '../../core/submission.ts'
import { FORM_TYPE, formOf } from '../server/uploads/form.ts'
import type { Answer, Person, Platform } from './platform.ts'

/** What is handed in: an archive, a map of files, or the text of a JSON body. */
export type Upload = readonly [what: string, upload: Buffer | FileMap | string]

/** Below what one token may hand in within a minute. */
const PER_PERSON = 50

export function handIn(platform: Platform, by: Person, upload: Upload[1], filename?: string): Promise<Answer> {
  const sent = Buffer.isBuffer(upload)
    ? { payload: new Uint8Array(formOf(upload, { exercise: 'greeting' }, filename)), headers: { 'content-type': FORM_TYPE } }
    : {
        payload: typeof upload === 'string' ? upload : JSON.stringify({ exercise: 'greeting', files: upload }),
        headers: { 'content-type': 'application/json' },
      }
  return platform.request('POST', '/api/v1/submissions', { as: by, ...sent })
}

/** Hands each in: all must be refused, each with one clear problem, and nothing may be kept. Returns the proof. */
export async function allRefused(platform: Platform, uploads: readonly Upload[]): Promise<string> {
  const people = await Promise.all(Array.from({ length: Math.ceil(uploads.length / PER_PERSON) }, () => platform.person()))
  const before = await platform.storeRows()
  const said = new Map<string, number>()
  for (const [index, [what, upload]] of uploads.entries()) {
    const { status, headers, text, json } = await handIn(platform, people[Math.floor(index / PER_PERSON)]!, upload)
    assert.ok([400, 413, 422].includes(status), `${what}: answered with ${status} ${text.slice(0, 300)}`)
    assert.equal(headers.get('content-type'), 'application/problem+json', `${what}: no problem document`)
    assert.ok(text.length < 30_000, `${what}: an answer of ${text.length} bytes`)
    const errors = (json['errors'] ?? []) as { pointer: string; detail: string }[]
    if (status !== 413) assert.ok(errors.length > 0 && errors.every(({ detail }) => detail), `${what}: not said what is wrong: ${text}`)
    const reason = `${status} ${errors[0]?.detail ?? String(json['title'])}`.replaceAll(/\d{3,}|"[^"]*"/g, '…')
    said.set(reason, (said.get(reason) ?? 0) + 1)
  }
  assert.deepEqual(await platform.storeRows(), before, 'something of what was refused was kept')
  const reasons = [...said].sort(([, one], [, other]) => other - one).map(([reason, count]) => `${count}× ${reason}`)
  return `${uploads.length} refused, nothing kept: ${reasons.slice(0, 4).join('; ')}`
}
