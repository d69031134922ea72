import type { Target } from './target.ts'
import { fileNames, manifestText } from './targets/exercise-files.ts'
import { frames } from './targets/frames.ts'
import { http } from './targets/http.ts'
import { lyingArchives } from './targets/lying-archives.ts'
import { messages } from './targets/messages.ts'
import { requestBodies } from './targets/request-bodies.ts'
import { sql } from './targets/sql.ts'
import { uploads } from './targets/uploads.ts'

export const TARGETS: readonly Target[] = [frames, messages, manifestText, fileNames, sql, http, uploads, lyingArchives, requestBodies]
