/**
 * Compares versions of Debian's packages by Debian's rules (deb-version(7)): below 0 where `one` is older. Our own, since an
 * engine's packages may be Debian's on a machine of which we see only the engine.
 */
export function compareDebian(one: string, other: string): number {
  const [a, b] = [parts(one), parts(other)]
  return a.epoch - b.epoch || compareText(a.upstream, b.upstream) || compareText(a.revision, b.revision)
}

/** The upstream part: "1.1.5+ds1" of "1.1.5+ds1-1+deb12u1". */
export function upstreamOf(version: string): string {
  return parts(version).upstream
}

function parts(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version) ?? []
  const dash = rest.lastIndexOf('-')
  return { epoch: Number(epoch), upstream: dash === -1 ? rest : rest.slice(0, dash), revision: dash === -1 ? '' : rest.slice(dash + 1) }
}

/** Digits by value, what stands between them by letters before other signs, and "~" before everything, even the end. */
function compareText(one: string, other: string): number {
  let [a, b] = [one, other]
  while (a !== '' || b !== '') {
    const [, wordA = ''] = /^(\D*)/.exec(a)!
    const [, wordB = ''] = /^(\D*)/.exec(b)!
    for (let at = 0; at < Math.max(wordA.length, wordB.length); at++) {
      const difference = weight(wordA[at]) - weight(wordB[at])
      if (difference !== 0) return difference
    }
    const [, numberA = ''] = /^(\d*)/.exec(a.slice(wordA.length))!
    const [, numberB = ''] = /^(\d*)/.exec(b.slice(wordB.length))!
    const difference = Number(numberA) - Number(numberB)
    if (difference !== 0) return difference
    a = a.slice(wordA.length + numberA.length)
    b = b.slice(wordB.length + numberB.length)
  }
  return 0
}

function weight(sign: string | undefined): number {
  if (sign === '~') return -1
  if (sign === undefined) return 0
  return /[a-z]/i.test(sign) ? sign.charCodeAt(0) : sign.charCodeAt(0) + 256
}
