import type { Duplex } from 'node:stream'

/**
 * Makes two ends one connection: bytes and half-closes pass both ways; when one end breaks, so does the other. What the end that
 * answers said before gets through, since it may close without having read all; who asks and breaks off wants no answer.
 */
export function join(asking: Duplex, answering: Duplex): void {
  asking.pipe(answering)
  answering.pipe(asking)
  whenBroken(asking, () => answering.destroy())
  whenBroken(answering, () => onceWritten(asking, () => asking.destroy()))
}

function whenBroken(end: Duplex, act: () => void): void {
  end.on('error', act)
  end.on('close', () => {
    if (!end.readableEnded || !end.writableFinished) act()
  })
}

function onceWritten(end: Duplex, act: () => void): void {
  if (end.destroyed || end.writableFinished) act()
  else if (end.writableEnded) end.once('finish', act)
  else end.write(Buffer.alloc(0), act)
}
