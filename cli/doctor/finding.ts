/** What one check found. `whatToDo` stands wherever the state is not ok. */
export type Finding = { check: string; state: 'ok' | 'warn' | 'fail'; found: string; wanted: string; whatToDo?: string }
