import type { Sandbox } from '../../worker/sandbox/sandbox.ts'
import { boxSeconds, memoryNow } from './box-usage.ts'

/** What the boxes of a sandbox use, while they live and after. */
export type BoxWatch = {
  /** Bytes that all boxes of this sandbox hold now. */
  memoryNow: () => number
  /** The same, box by box, by role. */
  memoryByRole: () => Record<string, number[]>
  /** Seconds of processor time that boxes have used until now, by role; those that are gone included. */
  seconds: () => Record<string, number>
}

/** Looks at every box that the sandbox opens from now on, by its cgroup, and once more right before it is removed. */
export function watchBoxes(sandbox: Sandbox): BoxWatch {
  const live = new Map<string, string>()
  const spent: Record<string, number> = {}
  const open = sandbox.open.bind(sandbox)
  sandbox.open = async (...given) => {
    const box = await open(...given)
    live.set(box.id, box.role)
    const dispose = box[Symbol.asyncDispose].bind(box)
    box[Symbol.asyncDispose] = () => {
      if (live.delete(box.id)) {
        spent[box.role] = (spent[box.role] ?? 0) + (boxSeconds(box.id) ?? 0)
      }
      return dispose()
    }
    return box
  }
  return {
    memoryNow: () => [...live.keys()].reduce((sum, id) => sum + (memoryNow(id) ?? 0), 0),
    memoryByRole: () => {
      const all: Record<string, number[]> = {}
      for (const [id, role] of live) (all[role] ??= []).push(memoryNow(id) ?? 0)
      return all
    },
    seconds: () => {
      const all = { ...spent }
      for (const [id, role] of live) all[role] = (all[role] ?? 0) + (boxSeconds(id) ?? 0)
      return all
    },
  }
}
