export type ServerSentEvent = { id: string; event: string; data: string }

const MAX_EVENT_CHARS = 1024 * 1024

/**
 * The events of a text/event-stream body (HTML standard, section 9.2.6), until it ends. Comments are passed over;
 * an event that the stream breaks off within is dropped, as the standard has it.
 */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  let rest = ''
  let id = ''
  let event = ''
  let data: string[] = []
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    rest += chunk
    if (rest.length > MAX_EVENT_CHARS) throw new Error(`a line above ${MAX_EVENT_CHARS} characters in the events`)
    // A carriage return at the end may be half of a line break.
    const complete = rest.endsWith('\r') ? rest.slice(0, -1) : rest
    const lines = complete.split(/\r\n|\r|\n/)
    rest = lines.pop()! + rest.slice(complete.length)
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { id, event: event || 'message', data: data.join('\n') }
        event = ''
        data = []
        continue
      }
      const colon = line.indexOf(':')
      const field = colon === -1 ? line : line.slice(0, colon)
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (field === 'id' && !value.includes('\0')) id = value
      else if (field === 'event') event = value
      else if (field === 'data') data.push(value)
    }
  }
}
