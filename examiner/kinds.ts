import type { Kind, Manifest } from '../core/exercise.ts'
import type { ExaminerKind } from './kind.ts'

/** Loaded when needed: an endpoint's grading has no use for an SQL parser. */
const KINDS: { [K in Kind]: () => Promise<ExaminerKind<Extract<Manifest, { kind: K }>>> } = {
  endpoint: async () => (await import('./endpoint/endpoint-kind.ts')).endpointKind,
  query: async () => (await import('./sql/query/query-kind.ts')).queryKind,
  migration: async () => (await import('./sql/migration/migration-kind.ts')).migrationKind,
}

export function kindOf(manifest: Manifest): Promise<ExaminerKind> {
  return KINDS[manifest.kind]()
}
