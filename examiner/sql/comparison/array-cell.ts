/**
 * The elements of an array as PostgreSQL prints it, `{1,NULL,"a b"}`, each given to `form`; nested ones as lists of lists.
 * Undefined for what isn't printed so.
 */
export function mapArray(text: string, form: (element: string | null) => string | null): unknown[] | undefined {
  // A lower bound other than 1 is printed before: "[0:1]={a,b}". By it two arrays differ.
  const [, bounds = '', body] = /^(\[[^=]*\]=)?(\{[\s\S]*)$/.exec(text) ?? []
  if (body === undefined) return undefined
  const top: unknown[] = []
  const open: unknown[][] = [top]
  let at = 0
  while (at < body.length) {
    const list = open.at(-1)!
    const character = body[at]!
    if (character === '{') {
      if (open.length > MOST_DIMENSIONS) return undefined
      const inner: unknown[] = []
      list.push(inner)
      open.push(inner)
      at++
    } else if (character === '}') {
      if (open.length < 2) return undefined
      open.pop()
      at++
    } else if (character === ',') at++
    else {
      ELEMENT.lastIndex = at
      const [whole, quoted] = ELEMENT.exec(body)!
      if (whole === '') return undefined
      list.push(quoted === undefined ? (whole === 'NULL' ? null : form(whole)) : form(quoted.replaceAll(/\\([\s\S])/g, '$1')))
      at += whole.length
    }
  }
  return open.length === 1 ? [bounds, ...top] : undefined
}

/** PostgreSQL's own limit. */
const MOST_DIMENSIONS = 6

const ELEMENT = /"((?:[^"\\]|\\[\s\S])*)"|[^{},"]*/y
