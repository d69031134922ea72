import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'

export function newToken() {
  return randomBytes(32).toString('base64url')
}

export function hashed(password, salt = randomBytes(12).toString('base64url')) {
  return `${salt}.${scryptSync(password, salt, 24, { cost: 1024 }).toString('base64url')}`
}

export function matches(password, kept) {
  const [salt, hash] = kept.split('.')
  if (!hash) return false
  return timingSafeEqual(Buffer.from(kept), Buffer.from(hashed(password, salt)))
}
