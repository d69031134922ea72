/**
 * The elements of an array as PostgreSQL prints it, `{1,NULL,"a b"}`, each given to `form`; nested ones as lists of lists.
 * Undefined for what isn't printed so.
 */
export function mapArray(text: string, form: (element: string | null) => string | null): unknown[] | undefined {
  const top: unknown[] = []
  const open: unknown[][] = [top]
  for (const { is, text: part } of arrayTokens(text)) {
    const list = open.at(-1)!
    if (is === 'fault') return undefined
    if (is === 'close') open.pop()
    else if (is === 'open') {
      const inner: unknown[] = []
      list.push(inner)
      open.push(inner)
    } else list.push(is === 'null' ? null : is === 'element' ? form(part) : part)
  }
  return top
}

/** Whether two arrays have the same shape, NULL in the same places, and elements that are `alike`. Ends at the first that aren't. */
export function sameArrays(one: string, other: string, alike: (one: string, other: string) => boolean): boolean {
  const others = arrayTokens(other)
  for (const { is, text } of arrayTokens(one)) {
    const against = others.next().value
    if (is === 'fault' || against?.is !== is) return false
    if (is === 'element' ? !alike(text, against.text) : text !== against.text) return false
  }
  return others.next().done === true
}

type Token = { is: 'bounds' | 'open' | 'close' | 'null' | 'element' | 'fault'; text: string }

function* arrayTokens(text: string): Generator<Token, undefined> {
  // A lower bound other than 1 is printed before: "[0:1]={a,b}". By it two arrays differ.
  const bounds = /^\[[^=]*\]=/.exec(text)?.[0] ?? ''
  if (text[bounds.length] !== '{') return yield* fault()
  yield { is: 'bounds', text: bounds }
  let depth = 0
  let at = bounds.length
  while (at < text.length) {
    const character = text[at]!
    if (character === '{') {
      if (++depth > MOST_DIMENSIONS) return yield* fault()
      yield { is: 'open', text: '' }
      at++
    } else if (character === '}') {
      if (--depth < 0) return yield* fault()
      yield { is: 'close', text: '' }
      at++
    } else if (character === ',') at++
    else {
      ELEMENT.lastIndex = at
      const [whole, quoted] = ELEMENT.exec(text)!
      if (whole === '') return yield* fault()
      if (quoted !== undefined) yield { is: 'element', text: quoted.replaceAll(/\\([\s\S])/g, '$1') }
      else yield whole === 'NULL' ? { is: 'null', text: '' } : { is: 'element', text: whole }
      at += whole.length
    }
  }
  return depth === 0 ? undefined : yield* fault()
}

function* fault(): Generator<Token, undefined> {
  yield { is: 'fault', text: '' }
}

/** PostgreSQL's own limit. */
const MOST_DIMENSIONS = 6

const ELEMENT = /"((?:[^"\\]|\\[\s\S])*)"|[^{},"]*/y
