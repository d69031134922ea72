import { parseArgs } from 'node:util'
import { createProgress } from '../../cli/progress.ts'
import { runBench } from '../measure/command.ts'
import { wholeNumber, words } from '../measure/options.ts'
import { measureBoxes, PARTS } from './measure-boxes.ts'
import { textOf } from './text.ts'

const HELP = `npm run bench:boxes -- [options]

What one box's life costs, wall and processor time, with one thing of the profile changed at a time; how many boxes a second
this machine makes; whether removing boxes holds up opening one; and a database's box from nothing to accepting queries.
Needs root and dockerd: it starts engines of its own beside the machine's, so that only their processor time is counted.

  --rounds <number>   lives of each choice (15)
  --window <seconds>  how long each is kept saturated (6)
  --only <names>      of ${PARTS.join(', ')}
  --json              everything as one JSON document
  --help

Takes some four minutes.
`

await runBench('bench:boxes', async signal => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      window: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const parts = values.only === undefined ? PARTS : words('only', values.only, PARTS)
  const options = { rounds: wholeNumber('rounds', values.rounds, 15), windowMs: wholeNumber('window', values.window, 6) * 1000, parts }
  const figures = await measureBoxes(options, createProgress(), signal)
  process.stdout.write(values.json ? `${JSON.stringify(figures, undefined, 2)}\n` : textOf(figures))
})
