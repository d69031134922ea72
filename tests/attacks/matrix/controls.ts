import type { Control } from './control.ts'
import { BOX_CONTROLS } from './controls/box.ts'

/** Every control of Assay's, by group. tests/attacks/matrix/controls.test.ts holds the list to the source. */
export const CONTROLS: readonly Control[] = [...BOX_CONTROLS]
