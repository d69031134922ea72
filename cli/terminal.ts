import pc from 'picocolors'
import { cliConfig } from './config.ts'
import { cleanJson } from './render/clean.ts'
import type { Style } from './render/layout.ts'

/*
 * Where a command's words go: data on stdout, news on stderr. With --json stdout holds one document and nothing else.
 * Lines fit the terminal; what isn't one gets plain lines of a width that files and logs bear.
 */
const NOT_A_TERMINAL_COLUMNS = 100
const NOT_A_TERMINAL_TABLES = 160

export type Terminal = {
  /** How to make lines for stdout. */
  style: Style
  print(lines: string | readonly string[]): void
  json(document: unknown): void
  /** A line of news, on stderr. */
  tell(line: string): void
  /** Whether news is redrawn in place. */
  live: boolean
}

type Stream = { write(text: string): unknown; isTTY?: boolean; columns?: number }

export function openTerminal(out: Stream = process.stdout, err: Stream = process.stderr): Terminal {
  const { colourless } = cliConfig(process.env)
  return {
    style: {
      ...(out.isTTY ? { width: Math.max(20, out.columns ?? 80) } : { width: NOT_A_TERMINAL_COLUMNS, tables: NOT_A_TERMINAL_TABLES }),
      colours: pc.createColors(Boolean(out.isTTY) && !colourless),
    },
    print: lines => void out.write(`${typeof lines === 'string' ? lines : lines.join('\n')}\n`),
    json: document => void out.write(`${cleanJson(document)}\n`),
    live: Boolean(err.isTTY),
    tell: line => void err.write(`${line}\n`),
  }
}
