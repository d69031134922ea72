import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** In the server's data folder. */
export const TOKEN_FILE = 'worker-token'

/**
 * The secret that workers show to the server: ASSAY_WORKER_TOKEN, else one made once and kept in the data folder, where
 * only we can read it.
 */
export function workerToken(dataDir: string, given: string | undefined): string {
  if (given) return given
  const path = join(dataDir, TOKEN_FILE)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  try {
    writeFileSync(path, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(path, 'utf8').trim()
}
