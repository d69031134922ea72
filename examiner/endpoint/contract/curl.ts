import type { Drawn } from './draw-request.ts'

/** A request as one would type it, at most some 900 characters of it. */
export function curlLine({ method, path, headers, body }: Drawn): string {
  const parts = ['curl -i', ...(method === 'GET' ? [] : [`-X ${method}`]), quoted(`http://localhost:$PORT${path}`.slice(0, 300))]
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quoted(`${name}: ${value}`.slice(0, 150))}`)
  if (body !== undefined) parts.push(`-d ${quoted(body.length > 400 ? `${body.slice(0, 400)}…` : body)}`)
  return parts.join(' ')
}

function quoted(text: string): string {
  // The port is the shell's to put in.
  if (text.startsWith('http://localhost:$PORT')) return `"http://localhost:$PORT"${quoted(text.slice('http://localhost:$PORT'.length))}`
  return `'${text.replaceAll("'", `'\\''`)}'`
}
