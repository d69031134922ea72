import { randomBytes } from 'node:crypto'

export type IdPrefix = 'sub' | 'grd'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * Makes ids such as `sub_01jd3k…`: 48 bits of time in milliseconds, then 80 random bits, in base 32, so that ids sort
 * as they were made. Within one millisecond, or when the clock steps back, the number before counts up instead.
 */
export function createIds(now: () => Date): (prefix: IdPrefix) => string {
  let last = 0n
  return prefix => {
    const fresh = (BigInt(now().getTime()) << 80n) | BigInt(`0x${randomBytes(10).toString('hex')}`)
    last = fresh > last ? fresh : last + 1n
    return `${prefix}_${base32(last)}`
  }
}

function base32(value: bigint): string {
  let text = ''
  for (let rest = value, place = 0; place < 26; place++, rest >>= 5n) text = ALPHABET[Number(rest & 31n)]! + text
  return text
}
