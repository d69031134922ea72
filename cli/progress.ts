import pc from 'picocolors'

/*
 * What a person sees of a long step, on stderr so that stdout stays data.
 * On a terminal one line per step is redrawn with the latest news; elsewhere each piece of news is a plain line.
 * (A prompt library's spinner takes over the keyboard and with it Ctrl-C, which `start` needs for an orderly end.)
 */
export type Progress = {
  /** Runs one step; its line ends with what the step last `said` and how long it took. */
  step: <T>(title: string, work: (step: Step) => Promise<T>) => Promise<T>
  note: (line: string) => void
}

export type Step = {
  /** News of the step while it goes on. */
  log: (line: string) => void
  /** What came of it, in a few words. */
  says: (result: string) => void
}

const ERASE = '\r\x1b[2K'

type Output = { write(text: string): unknown; isTTY?: boolean; columns?: number }

export function createProgress(output: Output = process.stderr): Progress {
  // Colours by the output, not by picocolors' own guess, which takes CI for a terminal.
  const colours = pc.createColors(Boolean(output.isTTY) && pc.isColorSupported)
  return {
    // Over the line of a step that is being drawn; the next drawing shows it again below.
    note: line => output.write(`${output.isTTY ? ERASE : ''}${line}\n`),
    async step(title, work) {
      const startedAt = performance.now()
      const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
      const view = output.isTTY ? liveView(output, title, seconds) : plainView(output, title)
      let result = ''
      try {
        const value = await work({ log: line => view.log(line), says: text => (result = text) })
        view.end(`${colours.green('✓')} ${colours.bold(title)}${result && `: ${result}`} ${colours.dim(`(${seconds()})`)}`)
        return value
      } catch (error) {
        view.end(`${colours.red('✗')} ${colours.bold(title)} ${colours.dim(`(${seconds()})`)}`)
        throw error
      }
    },
  }
}

type View = { log: (line: string) => void; end: (line: string) => void }

function plainView(output: Output, title: string): View {
  output.write(`… ${title}\n`)
  return {
    log: line => output.write(`    ${line}\n`),
    end: line => output.write(`${line}\n`),
  }
}

function liveView(output: Output, title: string, seconds: () => string): View {
  const frames = ['◐', '◓', '◑', '◒']
  let frame = 0
  let news = ''
  const draw = () => {
    const room = Math.max(20, (output.columns ?? 80) - title.length - 16)
    const shown = news.length > room ? `${news.slice(0, room - 1)}…` : news
    output.write(`${ERASE}${pc.cyan(frames[frame++ % frames.length])} ${pc.bold(title)} ${pc.dim(seconds())} ${pc.dim(shown)}`)
  }
  draw()
  const timer = setInterval(draw, 200)
  return {
    log(line) {
      news = line
      draw()
    },
    end(line) {
      clearInterval(timer)
      output.write(`${ERASE}${line}\n`)
    },
  }
}
