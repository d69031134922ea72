import type { Duplex } from 'node:stream'

/**
 * From now on a connection keeps back the last byte of what is written to it, until the returned function is called: then that
 * goes out, and everything after it as it comes. `written` is called after the first write.
 */
export function holdLastByte(connection: Duplex, written: () => void): () => void {
  const send = connection._write.bind(connection)
  let held: Buffer = EMPTY
  let open = false
  connection._write = (chunk: Buffer, encoding, done) => {
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
    held = open ? EMPTY : bytes.subarray(-1)
    send(open ? bytes : bytes.subarray(0, -1), encoding, done)
    written()
  }
  // Several writes at once would go past it.
  Object.assign(connection, { _writev: undefined })
  return () => {
    if (open) return
    open = true
    // Goes the way of all writes, behind those that still wait, and takes along what is held.
    if (!connection.destroyed) connection.write(EMPTY)
  }
}

const EMPTY = Buffer.alloc(0)
