import type { z } from 'zod'
import { InvalidInput } from './errors.ts'
import { explainIssue } from './explain-issue.ts'

/**
 * A process's settings by its schema, read once at its start. An empty setting is one that isn't set, as in a compose
 * file's `ASSAY_TOKEN=`. Throws InvalidInput naming each setting that is wrong; the value of a secret is never shown.
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
  secrets: readonly string[] = [],
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new InvalidInput(
    parsed.error.issues.map(issue => {
      const field = issue.path.join('.')
      return { file: 'environment', field, message: secrets.includes(field) ? issue.message : explainIssue(issue, given) }
    }),
  )
}
