/** What a program can tell of a warm start, and why that stays. Names of facts.ts, as regular expressions. */
export const DIFFERENCES: readonly { fact: RegExp; why: string }[] = [
  { fact: /its age|its own clock/, why: 'the process is older than its program: it waited' },
  { fact: /processor time|memory/, why: 'the process has loaded packages that the program may not ask for' },
  { fact: /^what keeps it alive/, why: 'a package that was loaded ahead asked whether stderr is a terminal, which opens it' },
  { fact: /looked up by packages/, why: 'where Node found what packages asked for; nothing of /work is among it' },
  { fact: /command line/, why: 'the kernel keeps it, with what is preloaded; Node’s own views of it are as ever' },
  { fact: /modules of Node/, why: 'a log of which modules of its own Node has loaded, which the packages needed' },
  {
    fact: /^marks of an HTTP client/,
    why: 'Node loads one for whoever imports from node:http; it keeps its state under two symbols of the global object',
  },
  { fact: /an async id/, why: 'a running number of which the packages took some' },
]
