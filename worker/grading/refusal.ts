import { describeFinding } from '../../core/errors.ts'
import { checkFiles } from '../../core/files.ts'
import { kindOf } from '../kinds/kind.ts'
import type { Finding } from './evidence.ts'
import type { GradeRequest } from './request.ts'

/** Why a submission is refused before any box is opened, if it is. */
export function refusal({ bundle: { manifest }, runtime, files }: GradeRequest): Finding | undefined {
  const faults = [...checkFiles(files, manifest.limits, manifest.editable), ...kindOf(manifest).check(manifest, runtime, files)]
  if (faults.length === 0) return undefined
  return { outcome: 'invalid_submission', code: 'FILES_REFUSED', message: faults.map(describeFinding).join('\n').slice(0, 4000) }
}
