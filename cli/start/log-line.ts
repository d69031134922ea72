import { z } from 'zod'
import { cleanLine } from '../render/clean.ts'

/** What pino writes: a level, a time and a message, and fields of the event. */
const lineSchema = z.looseObject({ level: z.number(), time: z.number(), msg: z.string().default('') })

const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: '', 40: 'WARN ', 50: 'ERROR ', 60: 'FATAL ' }
const NOT_SHOWN = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name', 'v'])

/**
 * A line of a service's log as a person reads it: "11:02:31 worker  graded submissionId=sub_1 outcome=accepted".
 * What is not a log line is shown as it is, under the service's name.
 */
export function readableLine(service: string, line: string): string {
  const entry = parse(line)
  if (!entry) return cleanLine(`${service}  ${line}`)
  const fields = Object.entries(entry)
    .filter(([name, value]) => !NOT_SHOWN.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${shown(value)}`)
  const time = new Date(entry.time).toISOString().slice(11, 19)
  return cleanLine([`${time} ${service.padEnd(6)} ${LEVELS[entry.level] ?? ''}${entry.msg}`, ...fields].join(' '))
}

function parse(line: string): z.infer<typeof lineSchema> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return lineSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return /\s/.test(value) ? JSON.stringify(value) : value
  // An error as pino writes it: its message says enough for a person; the whole is in the JSON.
  if (value && typeof value === 'object' && 'message' in value) return JSON.stringify(value.message)
  return JSON.stringify(value)
}
