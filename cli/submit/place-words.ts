import type { ShownSubmission } from '../client/submissions.ts'
import { duration } from '../render/quantities.ts'

/** "queued, number 3 in the line, graded in about 12.0 s". */
export function placeWords({
  queuePosition,
  estimatedWaitSeconds,
}: Pick<ShownSubmission, 'queuePosition' | 'estimatedWaitSeconds'>): string {
  const place = queuePosition ? `, number ${queuePosition} in the line` : ''
  const wait = typeof estimatedWaitSeconds === 'number' ? `, graded in about ${duration(Math.max(1, estimatedWaitSeconds) * 1000)}` : ''
  return `queued${place}${wait}`
}
