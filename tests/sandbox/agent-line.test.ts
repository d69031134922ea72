import { beforeAll, describe, expect, test } from 'vitest'
import { jsonLine } from '../../core/lines.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { DATA, END, frame, grant, GRANT, OPEN, openLine, RESET, WINDOW, type Frame } from './agent-line.ts'

/*
 * The box agent's end of the line, frame by frame: tests/core/mux.test.ts holds the worker's end to the same.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['node'] }))

const AGENT = 1
const OUT = 2

/** Starts a program of Perl, by the rules. It has a peer at port 5432. */
function start(program: string): Buffer[] {
  const configuration = {
    type: 'configure',
    command: ['perl', '-MSocket', 'main.pl'],
    env: { PATH: '/usr/bin:/bin' },
    port: 3000,
    peers: [{ name: 'other', port: 5432 }],
  }
  const messages = [configuration, { type: 'start', files: { 'main.pl': program } }]
  return [frame(OPEN, AGENT, 'agent'), ...messages.map(message => frame(DATA, AGENT, jsonLine(message)))]
}

const LISTENS = `socket S, AF_INET, SOCK_STREAM, 0; setsockopt S, SOL_SOCKET, SO_REUSEADDR, 1; bind S, sockaddr_in(3000, INADDR_LOOPBACK); listen S, 500;`

const saying = (type: string) => (each: Frame) => each.type === DATA && each.id === AGENT && each.payload.includes(`"${type}"`)

/** Reads up to a frame; returns all that came, that one included. */
async function upTo(frames: AsyncGenerator<Frame>, is: (each: Frame) => boolean): Promise<Frame[]> {
  const came: Frame[] = []
  for (;;) {
    const { value } = await frames.next()
    if (!value) throw new Error('the line ended')
    came.push(value)
    if (is(value)) return came
  }
}

const bytesOf = (frames: Frame[], id: number) =>
  frames.filter(each => each.type === DATA && each.id === id).reduce((sum, { payload }) => sum + payload.length, 0)

describe('a box agent whose line is out of the rules ends', () => {
  const opened = frame(OPEN, AGENT, 'agent')
  test.each([
    ['text where frames belong', [Buffer.from('hello, I am not a worker at all\n')], 'a frame of'],
    ['an unknown frame type', [frame(9, 1)], 'an unknown frame type 9'],
    ['a frame above the cap', [frame(DATA, 1, '', 2 ** 31)], 'a frame of'],
    ['opening one of its own numbers', [frame(OPEN, 2, 'x')], "not the other end's to open"],
    ['opening number 0', [frame(OPEN, 0, 'x')], "not the other end's to open"],
    ['opening one twice', [opened, opened], "not the other end's to open"],
    ['opening without a name', [frame(OPEN, 1)], 'a stream without a name'],
    ['a name above the cap', [frame(OPEN, 1, 'n'.repeat(65))], 'a stream without a name'],
    ['granting more than a window', [opened, grant(AGENT, 1)], 'a grant above the window'],
    ['a grant without a size', [opened, frame(GRANT, AGENT, 'abc')], 'a grant without a size'],
    ['data after the end', [opened, frame(END, AGENT), frame(DATA, AGENT, 'x')], 'data after the end'],
    ['a message that is none', [opened, frame(DATA, AGENT, '{]\n')], 'a message that is none'],
    ['giving its stream up', [opened, frame(RESET, AGENT)], 'hung up'],
  ])('by %s', async (_, frames, words) => {
    await using line = await openLine()
    line.write(...frames)
    expect(await line.ended()).toMatchObject({ exitCode: 1, lastWords: expect.stringContaining(words) })
  })

  test('by more data than it granted', async () => {
    await using line = await openLine()
    line.write(...start(`${LISTENS} sleep 1000`))
    await upTo(line.frames(), saying('listening'))
    // Who listens takes nothing, and what fits between is less than this.
    line.write(frame(OPEN, 3, 'main'), ...Array.from({ length: 512 }, () => frame(DATA, 3, Buffer.alloc(64 * 1024))))
    expect(await line.ended()).toMatchObject({ exitCode: 1, lastWords: expect.stringContaining('more data than was granted') })
  })

  test('by asking without end and taking no answer', async () => {
    await using line = await openLine()
    const frames = line.frames()
    line.write(...start(`${LISTENS} sleep 1000`))
    await upTo(frames, saying('listening'))
    let id = 1
    for (let batch = 0; batch < 40; batch++) line.write(...Array.from({ length: 50_000 }, () => frame(OPEN, (id += 2), 'nobody')))
    expect(await line.ended()).toMatchObject({ exitCode: 1, lastWords: expect.stringContaining('takes nothing') })
  })

  test('in order, when the line ends in order', async () => {
    await using line = await openLine()
    line.end()
    expect(await line.ended()).toEqual({ exitCode: 0, lastWords: '' })
  })

  test('at once, when it is root’s', async () => {
    await using line = await openLine({ user: 0 })
    expect(await line.ended()).toMatchObject({ exitCode: 1, lastWords: expect.stringContaining('never as root') })
  })
})

describe('a box agent', () => {
  test('sends a window and no more, then what is granted; its other streams go on', async () => {
    await using line = await openLine()
    const frames = line.frames()
    line.write(...start(`${LISTENS} my $much = 'x' x 65536; print $much while 1`))
    const check = frame(DATA, AGENT, jsonLine({ type: 'check' }))
    const came = await upTo(frames, saying('listening'))
    let printed = bytesOf(came, OUT)
    while (printed < WINDOW) printed += bytesOf([(await frames.next()).value as Frame], OUT)
    line.write(check)
    printed += bytesOf(await upTo(frames, saying('running')), OUT)
    expect(printed).toBe(WINDOW)
    line.write(grant(OUT, 70_000))
    while (printed < WINDOW + 70_000) printed += bytesOf([(await frames.next()).value as Frame], OUT)
    line.write(check)
    printed += bytesOf(await upTo(frames, saying('running')), OUT)
    expect(printed).toBe(WINDOW + 70_000)
  })

  test('grants from half a window on, and what it grants is what was taken', async () => {
    await using line = await openLine()
    const frames = line.frames()
    line.write(...start(`${LISTENS} while (accept C, S) { while (sysread C, my $part, 65536) { syswrite STDOUT, '.' } }`))
    await upTo(frames, saying('listening'))
    line.write(frame(OPEN, 3, 'main'), frame(DATA, 3, Buffer.alloc(60_000)))
    const printing = await upTo(frames, each => each.type === DATA && each.id === OUT)
    line.write(frame(DATA, 3, Buffer.alloc(10_000)))
    const granting = await upTo(frames, each => each.type === GRANT)
    expect(printing.filter(each => each.type === GRANT)).toEqual([])
    expect(granting.at(-1)).toMatchObject({ id: 3 })
    expect(granting.at(-1)!.payload.readUInt32BE()).toBe(70_000)
  })

  test('refuses streams above as many as there may be, one by one', async () => {
    await using line = await openLine()
    const frames = line.frames()
    line.write(...start(`${LISTENS} sleep 1000`))
    await upTo(frames, saying('listening'))
    const ids = Array.from({ length: 200 }, (_, index) => 3 + 2 * index)
    line.write(...ids.map(id => frame(OPEN, id, 'main')), frame(DATA, AGENT, jsonLine({ type: 'check' })))
    const refused = (await upTo(frames, saying('running'))).filter(each => each.type === RESET).map(({ id }) => id)
    // With "agent", "out" and "err" there are 128.
    expect(refused).toEqual(ids.slice(125))
  })

  test.each([
    ['breaks', [], ''],
    ['ends and breaks', [END], ''],
    ['breaks while it is asked more', [], `print C 'y' x 1e6;`],
  ])('gives a program what a peer said before it %s', async (_, types, more) => {
    await using line = await openLine()
    const frames = line.frames()
    const ask = `$SIG{PIPE} = 'IGNORE'; $| = 1;
      for (1 .. 20) {
        socket C, AF_INET, SOCK_STREAM, 0; connect C, sockaddr_in(5432, INADDR_LOOPBACK); syswrite C, 'x'; ${more}
        my $heard = 0; while (my $came = sysread C, my $part, 65536) { $heard += $came }
        print "$heard\\n"; close C
      }`
    line.write(...start(`${LISTENS} ${ask} sleep 1000`))
    let heard = ''
    let asked = 0
    while (heard.split('\n').length <= 20) {
      const { type, id, payload } = (await frames.next()).value as Frame
      if (type === DATA && id === OUT) heard += payload.toString()
      if (type !== OPEN || id <= 4) continue
      asked++
      line.write(
        frame(DATA, id, Buffer.alloc(60_000)),
        frame(DATA, id, Buffer.alloc(40_000)),
        ...[...types, RESET].map(each => frame(each, id)),
      )
    }
    expect({ asked, heard: [...new Set(heard.trim().split('\n'))] }).toEqual({ asked: 20, heard: ['100000'] })
  })

  test.each([['main'], ['admin'], ['peer:postgres'], ['agent'], ['anything']])(
    'opens nothing before it is told what for: %s',
    async name => {
      await using line = await openLine()
      line.write(frame(OPEN, AGENT, 'agent'), frame(OPEN, 3, name))
      const { value } = await line.frames().next()
      expect(value).toMatchObject({ type: RESET, id: 3 })
    },
  )
})
