package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
)

// The box's end of core/mux.ts, which says what a frame is and what the rules are. Many named byte streams go over one pair of
// pipes; any frame out of the rules ends the line, and with it the agent and the box.
//
// One lock guards all of it. It is held while bytes are read into the frame that they go out in, and never while anybody waits.
const (
	frameOpen  = 1
	frameData  = 2
	frameEnd   = 3
	frameReset = 4
	frameGrant = 5

	headerBytes = 9
	maxPayload  = 64 * 1024
	window      = 128 * 1024
	maxStreams  = 128
	maxName     = 64
	// Frames that may wait to be taken: refusals and grants have no window.
	maxUnsent = 100_000
	// Bytes that may wait to be taken before who sends more of them waits, too.
	maxWaiting = 256 * 1024
)

type mux struct {
	lock    sync.Mutex
	streams map[uint32]*stream
	nextID  uint32
	// A stream that the other end opened. Called with the lock held.
	onStream func(name string, stream *stream)
	// Frames that are not being written yet, and how many, with those that are.
	waiting   []byte
	unsent    int
	something *sync.Cond
	room      *sync.Cond
}

func newMux() *mux {
	m := &mux{streams: map[uint32]*stream{}, nextID: 2}
	m.something = sync.NewCond(&m.lock)
	m.room = sync.NewCond(&m.lock)
	return m
}

// open opens a stream to the other end; it may be written to at once.
func (m *mux) open(name string) *stream {
	m.lock.Lock()
	defer m.lock.Unlock()
	s := m.add(m.nextID)
	m.nextID += 2
	m.send(frameOpen, s.id, []byte(name))
	return s
}

// isFull says whether there are as many streams as there may be.
func (m *mux) isFull() bool {
	m.lock.Lock()
	defer m.lock.Unlock()
	return len(m.streams) >= maxStreams
}

func (m *mux) add(id uint32) *stream {
	s := &stream{mux: m, id: id, credit: window}
	s.changed = sync.NewCond(&m.lock)
	m.streams[id] = s
	return s
}

// send has a frame go out with the next that are written. The lock is held.
func (m *mux) send(kind byte, id uint32, payload []byte) {
	m.waiting = append(appendHeader(m.waiting, kind, id, len(payload)), payload...)
	m.sent()
}

// sendRead has a frame of data go out whose payload is read from a descriptor that doesn't block, at most `most` bytes of it.
// Nothing goes out when nothing comes. The lock is held.
func (m *mux) sendRead(id uint32, fd uintptr, most int) (int, syscall.Errno) {
	start := len(m.waiting)
	needed := start + headerBytes + most
	if cap(m.waiting) < needed {
		m.waiting = append(make([]byte, 0, needed), m.waiting...)
	}
	got, err := readNow(fd, m.waiting[start+headerBytes:needed])
	if got > 0 {
		m.waiting = appendHeader(m.waiting, frameData, id, got)[:start+headerBytes+got]
		m.sent()
	}
	return got, err
}

func appendHeader(to []byte, kind byte, id uint32, length int) []byte {
	to = binary.BigEndian.AppendUint32(append(to, kind), id)
	return binary.BigEndian.AppendUint32(to, uint32(length))
}

func (m *mux) sent() {
	m.unsent++
	if m.unsent > maxUnsent {
		die("it asks and takes nothing")
	}
	m.something.Signal()
}

// write writes what is sent, for as long as the agent lives. What is sent in one turn goes out as one write: each wakes every
// process on the way.
func (m *mux) write(to *conn) {
	var written []byte
	for {
		m.lock.Lock()
		for len(m.waiting) == 0 {
			m.something.Wait()
		}
		m.lock.Unlock()
		runtime.Gosched()
		m.lock.Lock()
		now, frames := m.waiting, m.unsent
		m.waiting = written[:0]
		m.lock.Unlock()
		if to.write(now) != nil {
			os.Exit(0)
		}
		m.lock.Lock()
		m.unsent -= frames
		m.room.Broadcast()
		m.lock.Unlock()
		written = now
	}
}

// read acts on what comes until the line ends. Returns what was wrong with it, if anything.
func (m *mux) read(from *conn) string {
	buffer := make([]byte, headerBytes+maxPayload)
	held := 0
	for {
		got, err := from.read(buffer[held:])
		if got == 0 || err != nil {
			return ""
		}
		held += got
		used, fault := m.receive(buffer[:held])
		if fault != "" {
			return fault
		}
		held = copy(buffer, buffer[used:held])
	}
}

// receive acts on all frames that are whole; returns how many bytes they took.
func (m *mux) receive(bytes []byte) (used int, fault string) {
	m.lock.Lock()
	defer m.lock.Unlock()
	for fault == "" {
		rest := bytes[used:]
		if len(rest) < headerBytes {
			break
		}
		length := binary.BigEndian.Uint32(rest[5:])
		if length > maxPayload {
			return used, fmt.Sprintf("a frame of %d bytes", length)
		}
		end := headerBytes + int(length)
		if len(rest) < end {
			break
		}
		fault = m.handle(rest[0], binary.BigEndian.Uint32(rest[1:]), rest[headerBytes:end])
		used += end
	}
	return used, fault
}

func (m *mux) handle(kind byte, id uint32, payload []byte) string {
	if kind == frameOpen {
		return m.handleOpen(id, payload)
	}
	if kind < frameOpen || kind > frameGrant {
		return fmt.Sprintf("an unknown frame type %d", kind)
	}
	s := m.streams[id]
	// The stream may have ended here while the frame was on its way.
	if s == nil {
		return ""
	}
	defer s.changed.Broadcast()
	switch kind {
	case frameData:
		return s.receive(payload)
	case frameEnd:
		s.ended = true
	case frameReset:
		s.reset = true
		if s.onReset == nil {
			delete(m.streams, id)
		} else {
			// Who relays it closes it.
			go s.onReset()
		}
	case frameGrant:
		if len(payload) != 4 {
			return "a grant without a size"
		}
		return s.receiveGrant(binary.BigEndian.Uint32(payload))
	}
	return ""
}

func (m *mux) handleOpen(id uint32, payload []byte) string {
	if id%2 != 1 || m.streams[id] != nil {
		return fmt.Sprintf("stream %d is not the other end's to open", id)
	}
	if len(payload) == 0 || len(payload) > maxName {
		return "a stream without a name"
	}
	if len(m.streams) >= maxStreams {
		m.send(frameReset, id, nil)
		return ""
	}
	m.onStream(string(payload), m.add(id))
	return ""
}
