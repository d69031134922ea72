import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import type { Role } from '../../core/submission.ts'
import type { TokenFacts } from './store.ts'
import type { Tables } from './tables.ts'
import type { Tx } from './transaction.ts'

/** asy_<id>_<secret>: the id finds the row, the secret (256 random bits, so a plain hash is enough) proves the holder. */
const TOKEN = /^asy_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

export async function addToken(tx: Tx, { owner, group, role }: { owner: string; group: string; role: Role }) {
  const id = randomBytes(8).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  await tx.db
    .insertInto('tokens')
    .values({ id, secret_hash: hash(secret).toString('hex'), owner, group_name: group, role, created_at: tx.at, revoked_at: null })
    .execute()
  return { id, token: `asy_${id}_${secret}` }
}

export async function findToken(db: Kysely<Tables>, token: string): Promise<TokenFacts | undefined> {
  const [, id, secret] = TOKEN.exec(token) ?? []
  if (id === undefined || secret === undefined) return undefined
  const row = await db.selectFrom('tokens').selectAll().where('id', '=', id).where('revoked_at', 'is', null).executeTakeFirst()
  if (!row || !timingSafeEqual(hash(secret), Buffer.from(row.secret_hash, 'hex'))) return undefined
  return toFacts(row)
}

export async function listTokens(db: Kysely<Tables>): Promise<TokenFacts[]> {
  const rows = await db.selectFrom('tokens').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.map(toFacts)
}

export async function revokeToken(tx: Tx, id: string): Promise<boolean> {
  const changed = await tx.db
    .updateTable('tokens')
    .set({ revoked_at: tx.at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return changed.numUpdatedRows > 0n
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function toFacts(row: Selectable<Tables['tokens']>): TokenFacts {
  return { id: row.id, owner: row.owner, group: row.group_name, role: row.role, createdAt: row.created_at, revokedAt: row.revoked_at }
}
