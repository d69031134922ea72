import type { Command } from 'commander'
import { register as backup } from './backup.ts'
import { register as broker } from './broker.ts'
import { register as check } from './check.ts'
import { register as demo } from './demo.ts'
import { register as doctor } from './doctor.ts'
import { register as engine } from './engine.ts'
import { register as grade } from './grade.ts'
import { register as images } from './images.ts'
import { register as newExercise } from './new.ts'
import { register as preview } from './preview.ts'
import { register as serve } from './serve.ts'
import { register as start } from './start.ts'
import { register as submissions } from './submissions.ts'
import { register as submit } from './submit.ts'
import { register as token } from './token.ts'
import { register as worker } from './worker.ts'

type Register = (program: Command) => void

/** Every command, as the help groups them. A module here only describes its command; its action imports what does the work. */
export const COMMANDS: Record<string, readonly Register[]> = {
  'Run:': [start, serve, worker, broker, demo],
  'Write exercises:': [newExercise, check, preview],
  'Grade:': [grade, submit, submissions],
  'Set up and look after:': [doctor, images, engine, token, backup],
}
