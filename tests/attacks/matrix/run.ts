import { resolve } from 'node:path'
import { Command } from 'commander'
import pc from 'picocolors'
import { CommandError, endOf, EXIT } from '../../../cli/errors.ts'
import { createProgress } from '../../../cli/progress.ts'
import { table } from '../../../cli/render/layout.ts'
import { setUpBoxes } from '../../support/set-up.ts'
import { copySource } from './copy.ts'
import { CONTROLS } from './controls.ts'
import { markdown, writeInto, type Row } from './markdown.ts'
import { checkTests, factsOf, takeAway } from './take-away.ts'

/*
 * What `npm run attacks:matrix` runs: takes one control away at a time, in a copy of the source, and looks whether its
 * absence shows: an attack that gets through, a fact of the box that changed, or a test that fails.
 */
const ROOT = resolve(import.meta.dirname, '../../..')

const program = new Command('npm run attacks:matrix --')
  .description('Takes every control away, one at a time, and shows that its absence is seen.')
  .option('--only <words>', 'controls whose group or name holds these words')
  .option('--write', 'write the table into docs/security.md')
  .addHelpText('after', '\nExit codes: 0 the absence of every control shows · 1 of some it doesn’t · 2 usage · 5 a fault of the grader')
  .exitOverride()

try {
  program.parse()
  process.exitCode = await run(program.opts())
} catch (error) {
  const { exitCode, message } = endOf(error)
  if (message) process.stderr.write(`${message}\n`)
  process.exitCode = exitCode
}

async function run({ only, write }: { only?: string; write?: true }): Promise<number> {
  const chosen = CONTROLS.filter(({ group, name }) => only === undefined || `${group} ${name}`.toLowerCase().includes(only.toLowerCase()))
  if (chosen.length === 0) throw new CommandError(EXIT.usage, `no control has "${only}" in its name`)
  const progress = createProgress()
  await setUpBoxes(progress)
  const rows: Row[] = []
  await progress.step('Controls', async step => {
    using copy = copySource(ROOT)
    const facts = await factsOf(copy)
    step.log('the tests that are to show something, with nothing taken away')
    await checkTests(chosen, copy)
    for (const control of chosen) {
      const shown = await takeAway(control, copy, facts)
      rows.push({ control, shown })
      step.log(`${rows.length} of ${chosen.length} ${control.name}: ${shown ?? 'ITS ABSENCE DOES NOT SHOW'}`)
    }
  })
  const missing = rows.filter(({ shown }) => shown === undefined).length
  const style = { width: process.stdout.columns ?? 160, colours: pc.createColors(process.stdout.isTTY && pc.isColorSupported) }
  const cells = rows.map(({ control, shown }) => [control.name, shown === undefined ? 'MISSING' : 'red', shown ?? ''])
  const columns = [{ title: 'Control taken away' }, { title: 'State' }, { title: 'What shows it' }]
  process.stdout.write(
    `${table(columns, cells, style).join('\n')}\n\n${rows.length - missing} of ${rows.length} controls shown to matter\n`,
  )
  if (write) writeInto(resolve(ROOT, 'docs/security.md'), markdown(rows))
  return missing > 0 ? EXIT.failed : EXIT.ok
}
