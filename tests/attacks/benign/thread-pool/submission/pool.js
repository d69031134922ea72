import { deepEqual } from 'node:assert'
import * as crypto from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

const scrypt = promisify(crypto.scrypt)
const text = await readFile('pool.js')
const packed = await promisify(zlib.brotliCompress)(text)

await Promise.all([
  ...Array.from({ length: 16 }, (_, salt) => scrypt('a password', `salt ${salt}`, 64, { N: 4096 })),
  ...Array.from({ length: 16 }, (_, salt) => promisify(crypto.pbkdf2)('a password', `salt ${salt}`, 10_000, 64, 'sha512')),
  ...Array.from({ length: 64 }, async () => deepEqual(await readFile('pool.js'), text)),
  ...Array.from({ length: 32 }, async () => deepEqual(await promisify(zlib.brotliDecompress)(packed), text)),
  ...Array.from({ length: 32 }, async () => deepEqual(await promisify(zlib.gunzip)(await promisify(zlib.gzip)(text)), text)),
  lookup('localhost'),
  promisify(crypto.generateKeyPair)('ed25519'),
  promisify(crypto.generateKeyPair)('rsa', { modulusLength: 1024 }),
  promisify(crypto.argon2)('argon2id', { message: 'a password', nonce: Buffer.alloc(16, 1), parallelism: 2, tagLength: 32, memory: 8192, passes: 2 }),
])
