import { parseArgs } from 'node:util'
import { endOf } from '../../cli/errors.ts'
import { interruptible } from '../../cli/interruptible.ts'
import { createProgress } from '../../cli/progress.ts'
import { measureBoxes, PARTS, type Part } from './measure-boxes.ts'
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

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    window: { type: 'string', default: '6' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(HELP)
else
  try {
    const parts = values.only === undefined ? PARTS : (values.only.split(',') as Part[])
    const options = { rounds: Number(values.rounds), windowMs: Number(values.window) * 1000, parts }
    const figures = await interruptible(signal => measureBoxes(options, createProgress(), signal))
    process.stdout.write(values.json ? `${JSON.stringify(figures, undefined, 2)}\n` : textOf(figures))
  } catch (error) {
    const { exitCode, message } = endOf(error)
    if (message) process.stderr.write(`bench:boxes: ${message}\n`)
    process.exit(exitCode)
  }
