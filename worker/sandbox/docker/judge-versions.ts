import type { ProbeFinding } from './doctor.ts'
import type { EngineVersions } from './engine-versions.ts'
import { COMPONENTS, isBelow, OLDEST, openHoles } from './version-floors.ts'

/** Engine, runc and containerd against their floors, for the doctor. `acceptOld`: ASSAY_ACCEPT_OLD_ENGINE is set. */
export function judgeVersions(versions: EngineVersions, acceptOld: boolean): ProbeFinding[] {
  return COMPONENTS.flatMap((component): ProbeFinding[] => {
    const installed = versions[component]
    if (!installed) return []
    const found = installed.package ? `${installed.version} (package ${installed.package})` : installed.version
    const check = component === 'engine' ? 'engine version' : component
    if (isBelow(installed.version, OLDEST[component]))
      return [{ check, state: 'fail', found, wanted: `${OLDEST[component]} or newer`, whatToDo: `install a newer ${component}` }]
    const open = openHoles(component, installed)
    const waysOut = open.filter(hole => hole.reach === 'box')
    if (open.length === 0) return [{ check, state: 'ok', found, wanted: 'no known hole' }]
    const wanted = [...new Set(open.flatMap(hole => [...hole.since, ...hole.packages]))].join(', ')
    const holes = open.map(hole => hole.closes).join('; ')
    if (waysOut.length === 0) return [{ check, state: 'warn', found, wanted, whatToDo: `it has ${holes}` }]
    const refused = acceptOld
      ? 'accepted by ASSAY_ACCEPT_OLD_ENGINE=1'
      : 'a worker starts with it only when ASSAY_ACCEPT_OLD_ENGINE=1 accepts that'
    return [{ check, state: acceptOld ? 'warn' : 'fail', found, wanted, whatToDo: `it has ${holes}; install a newer one (${refused})` }]
  })
}
