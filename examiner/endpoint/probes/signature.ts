import type { Response } from '../../authoring/http.ts'
import { HttpFailure } from '../http-failure.ts'

/** What an answer is told apart by: all of it but the value sent, and its form alone (status, fields, how many items). */
export type Signature = { fine: string; coarse: string }

export function signatureOf(answer: Response | HttpFailure | undefined, sent: string): Signature {
  if (answer === undefined) return { fine: 'not sent', coarse: 'not sent' }
  if (answer instanceof HttpFailure) return { fine: answer.code, coarse: answer.code }
  const text = withoutEchoes(answer.text, sent)
  return { fine: `${answer.status} ${text}`, coarse: `${answer.status} ${form(answer, text)}` }
}

function form(answer: Response, text: string): string {
  try {
    return skeleton(answer.json, 0)
  } catch {
    return `${text.split('\n').length} lines, ${text.split('<').length} tags`
  }
}

/** Types for values; true, false and null stay, and so does how many items a list has. */
function skeleton(value: unknown, depth: number): string {
  if (depth > 20) return '…'
  if (Array.isArray(value)) return `${value.length}[${[...new Set(value.map(item => skeleton(item, depth + 1)))].join()}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, part]) => `${name}:${skeleton(part, depth + 1)}`)
    return `{${fields.sort().join()}}`
  }
  return typeof value === 'boolean' || value === null ? String(value) : typeof value
}

/** The value sent, in each of the ways in which a program gives it back. */
function withoutEchoes(text: string, sent: string): string {
  const json = JSON.stringify(sent).slice(1, -1)
  const html = sent.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  const forms = [
    sent,
    json,
    encodeURIComponent(sent),
    encodeURI(sent),
    new URLSearchParams([['', sent]]).toString().slice(1),
    html.replaceAll("'", '&#39;'),
    html.replaceAll("'", '&#x27;'),
    html,
  ]
  return forms.reduce((rest, form) => rest.replaceAll(form, '§'), text)
}
