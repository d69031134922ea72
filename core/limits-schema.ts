import { z } from 'zod'
import { LIMITS, parseDuration, parseSize, type LimitName, type Limits } from './limits.ts'

function limitSchema(name: LimitName) {
  const { ceiling, unit } = LIMITS[name]
  const example = { ms: '5s', bytes: '256m', cores: '1', count: '50' }[unit]
  return z.union([z.string(), z.number()]).transform((value, context) => {
    // A plain number is in the limit's own unit: a manifest that was parsed already parses to the same again, where a bundle arrives.
    const parsed = unit === 'bytes' ? parseSize(value) : unit === 'ms' ? parseDuration(value) : Number(value)
    const what = { ms: 'a duration', bytes: 'a size', cores: 'a number of cores', count: 'a count' }[unit]
    if (parsed === undefined || !(parsed > 0)) {
      context.addIssue({ code: 'custom', message: `expected ${what} such as "${example}", got ${JSON.stringify(value)}` })
      return z.NEVER
    }
    if (parsed > ceiling) {
      context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is above the ceiling of ${ceiling} ${unit}` })
      return z.NEVER
    }
    return parsed
  })
}

const names = Object.keys(LIMITS) as LimitName[]

/** `limits:` of exercise.yaml: any subset; what is missing takes its default. */
export const limitsSchema = z
  .strictObject(
    Object.fromEntries(names.map(name => [name, limitSchema(name).optional()])) as Record<
      LimitName,
      z.ZodOptional<ReturnType<typeof limitSchema>>
    >,
  )
  .default({})
  .transform((given): Limits => Object.fromEntries(names.map(name => [name, given[name] ?? LIMITS[name].default])) as Limits)
