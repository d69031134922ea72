/// <reference path="/opt/assay/examiner/main.ts" />
//# sourceMappingURL=/opt/assay/examiner/main.ts.map
import type {} from '/opt/assay/core/bundle.ts'
export const answer: string = 'in its own box'
