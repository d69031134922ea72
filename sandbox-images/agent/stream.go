package main

import (
	"errors"
	"sync"
)

// One stream of the line. Each direction has a window: a sender may have `window` bytes on the way, and the receiver grants
// more as its reader takes them, so one slow stream never holds up another and memory stays bounded.
type stream struct {
	mux     *mux
	id      uint32
	changed *sync.Cond

	// What came and was not taken yet, and a buffer that is free again.
	came, free []byte
	// Bytes that came of the present window, and those of them that were taken.
	received, ungranted int
	credit              int
	// The other end's words: it sends no more; it wants no more of this stream.
	ended, reset bool
	// Called at the other end's reset, on its own.
	onReset func()
}

var errReset = errors.New("reset by the other end")

func (s *stream) receive(payload []byte) string {
	if s.reset {
		return ""
	}
	if s.ended {
		return "data after the end"
	}
	s.received += len(payload)
	if s.received > window {
		return "more data than was granted"
	}
	if s.came == nil {
		s.came, s.free = s.free, nil
	}
	s.came = append(s.came, payload...)
	return ""
}

func (s *stream) receiveGrant(bytes uint32) string {
	s.credit += int(bytes)
	if s.credit > window {
		return "a grant above the window"
	}
	return ""
}

// take waits for what comes next and hands it to `use`. Returns false at the end of the stream. What came before a reset is
// taken first: who closes without having read all may have answered before.
func (s *stream) take(use func([]byte) error) (bool, error) {
	s.mux.lock.Lock()
	for len(s.came) == 0 && !s.ended && !s.reset {
		s.changed.Wait()
	}
	taken := s.came
	s.came = nil
	ended := s.ended
	s.mux.lock.Unlock()
	if len(taken) == 0 && ended {
		return false, nil
	}
	if len(taken) == 0 {
		return false, errReset
	}
	if err := use(taken); err != nil {
		return false, err
	}
	s.mux.lock.Lock()
	s.free = taken[:0]
	s.ungranted += len(taken)
	// A sender goes on for as long as the window lasts: what is short is never granted at all.
	if s.ungranted >= window/2 && !s.reset {
		s.received -= s.ungranted
		size := s.ungranted
		s.ungranted = 0
		s.mux.send(frameGrant, s.id, []byte{byte(size >> 24), byte(size >> 16), byte(size >> 8), byte(size)})
	}
	s.mux.lock.Unlock()
	return true, nil
}

// waitForRoom waits until something may be sent; false when the stream was reset. The lock is held.
func (s *stream) waitForRoom() bool {
	for !s.reset {
		if s.credit == 0 {
			s.changed.Wait()
		} else if len(s.mux.waiting) >= maxWaiting {
			s.mux.room.Wait()
		} else {
			return true
		}
	}
	return false
}

// write sends bytes of our own.
func (s *stream) write(bytes []byte) error {
	s.mux.lock.Lock()
	defer s.mux.lock.Unlock()
	for len(bytes) > 0 {
		if !s.waitForRoom() {
			return errReset
		}
		size := min(len(bytes), s.credit, maxPayload)
		s.credit -= size
		s.mux.send(frameData, s.id, bytes[:size])
		bytes = bytes[size:]
	}
	return nil
}

// carry sends what comes from a connection, until its end. Who is slow to take it makes whoever writes there wait.
func (s *stream) carry(from *conn) error {
	for {
		s.mux.lock.Lock()
		free := s.waitForRoom()
		s.mux.lock.Unlock()
		if !free {
			return errReset
		}
		got := 0
		err := from.whenReadable(func(fd uintptr) error {
			s.mux.lock.Lock()
			defer s.mux.lock.Unlock()
			if s.reset {
				return errReset
			}
			read, errno := s.mux.sendRead(s.id, fd, min(s.credit, maxPayload))
			got = read
			s.credit -= read
			return orNil(errno)
		})
		if err != nil || got == 0 {
			return err
		}
	}
}

// whenReset has `act` called when the other end resets the stream, or at once if it has.
func (s *stream) whenReset(act func()) {
	s.mux.lock.Lock()
	defer s.mux.lock.Unlock()
	s.onReset = act
	if s.reset {
		go act()
	}
}

// end says that nothing more comes from here.
func (s *stream) end() {
	s.mux.lock.Lock()
	defer s.mux.lock.Unlock()
	if !s.reset {
		s.mux.send(frameEnd, s.id, nil)
	}
}

// fail tells the other end that the stream broke. It keeps its place on the line until it is closed.
func (s *stream) fail() {
	s.mux.lock.Lock()
	defer s.mux.lock.Unlock()
	if !s.reset {
		s.reset = true
		s.changed.Broadcast()
		s.mux.send(frameReset, s.id, nil)
	}
}

// close takes the stream off the line: in order when both ends said their end, else the other end is told.
func (s *stream) close(inOrder bool) {
	if !inOrder {
		s.fail()
	}
	s.mux.lock.Lock()
	defer s.mux.lock.Unlock()
	s.reset = true
	delete(s.mux.streams, s.id)
	s.changed.Broadcast()
}
