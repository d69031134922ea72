/** The oldest Redis that the queue runs on; any Valkey is newer. */
export const OLDEST_REDIS = '6.2'

export type RedisFacts = { version: string; policy: string }

/** From the answer to INFO, which holds the policy too: CONFIG may be forbidden on a hosted Redis. */
export function redisFacts(info: string): RedisFacts {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
  // Valkey gives the Redis version that it is compatible with as redis_version.
  return { version: field('valkey_version') || field('redis_version'), policy: field('maxmemory_policy') }
}

/** What makes a Redis unfit for the queue, or undefined. */
export function redisFault({ version, policy }: RedisFacts): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 6 || (major === 6 && minor < 2)) return `is version ${version}; expected ${OLDEST_REDIS} or newer, or any Valkey`
  // With another policy Redis would drop waiting jobs when its memory is full.
  if (policy !== 'noeviction') return `has maxmemory-policy ${policy}; set it to noeviction`
  return undefined
}

/** What the client takes for an address: redis://…, rediss://… as it is, a Unix socket as its bare path. */
export function redisAddress(url: string): string {
  return url.replace(/^unix:(\/\/)?/, '')
}
