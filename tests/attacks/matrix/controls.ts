import type { Control } from './control.ts'
import { BOX_CONTROLS } from './controls/box.ts'
import { CALL_CONTROLS } from './controls/calls.ts'
import { DATABASE_CONTROLS } from './controls/database.ts'
import { GRADING_CONTROLS } from './controls/grading.ts'
import { HTTP_CONTROLS } from './controls/http.ts'
import { UPLOAD_CONTROLS } from './controls/uploads.ts'

/** Every control of Assay's, by group. tests/attacks/matrix/controls.test.ts holds the list to the source. */
export const CONTROLS: readonly Control[] = [
  ...BOX_CONTROLS,
  ...CALL_CONTROLS,
  ...DATABASE_CONTROLS,
  ...GRADING_CONTROLS,
  ...HTTP_CONTROLS,
  ...UPLOAD_CONTROLS,
]
