import { Command } from 'commander'
import { COMMANDS } from './commands/index.ts'
import { endOf, EXIT } from './errors.ts'

/** The `assay` command: each subcommand's module describes it; its work is loaded when it runs. */
export function createProgram(): Command {
  const program = new Command('assay')
    .description('Grades hands-on backend exercises for real: endpoints, SQL queries and migrations.')
    .showHelpAfterError('(assay --help shows the commands)')
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Exit codes: 0 accepted or done · 1 the submission failed · 2 usage · 3 not allowed · 4 not found · 5 a fault of the grader · 130 interrupted
Settings come from the environment: docs/operators/settings.md lists them.`,
    )
  for (const [heading, registers] of Object.entries(COMMANDS)) {
    program.commandsGroup(heading)
    for (const register of registers) register(program)
  }
  throwInsteadOfExiting(program)
  return program
}

/** A usage error of any command is thrown to the one place that makes exit codes. */
function throwInsteadOfExiting(command: Command): void {
  command.exitOverride()
  for (const each of command.commands) throwInsteadOfExiting(each)
}

if (import.meta.main) {
  // Whoever reads us may stop reading ("| head"): the work goes on to its end and its exit code.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  // An error that nobody waited for is our fault as well, and must not read as the learner's (1).
  process.on('uncaughtException', error => process.exit(tell(error)))
  try {
    await createProgram().parseAsync(process.argv)
  } catch (error) {
    const exitCode = tell(error)
    // What was broken off may still be waiting for something; nobody waits for it.
    if (exitCode === EXIT.interrupted) process.exit(exitCode)
    process.exitCode = exitCode
  }
}

/** Says what ended the command; returns its exit code. */
function tell(error: unknown): number {
  const { exitCode, message } = endOf(error)
  if (message) process.stderr.write(`assay: ${message}\n`)
  return exitCode
}
