package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"runtime/debug"
	"sync"
)

const (
	longestLine = 64 * 1024 * 1024
	// A start with more than this leaves memory behind that the program may need.
	muchBytes = 1024 * 1024
)

type agent struct {
	mux     *mux
	obeying bool
	// Set by "configure".
	program *program
	talking sync.Mutex
	worker  *stream
}

// serve is called for each stream that the worker opens, with the line's lock held.
func (a *agent) serve(name string, s *stream) {
	switch {
	case name == "agent" && !a.obeying:
		a.obeying = true
		a.worker = s
		go a.obey()
	case name == "main" && a.program != nil:
		p := a.program
		go join(s, func() (*conn, error) { return dialTCP(p.host.Load().(loopback), p.given.Port) })
	case name == "admin" && a.program != nil && a.program.given.AdminSocket != "":
		path := a.program.given.AdminSocket
		go join(s, func() (*conn, error) { return dialUnix(path) })
	default:
		go s.close(false)
	}
}

func join(s *stream, dial func() (*conn, error)) {
	c, err := dial()
	if err != nil {
		s.close(false)
		return
	}
	relay(s, c)
}

// obey acts on one message after the other.
func (a *agent) obey() {
	var line []byte
	for {
		more, err := a.worker.take(func(came []byte) error {
			for {
				end := bytes.IndexByte(came, '\n')
				if end < 0 {
					line = append(line, came...)
					if len(line) > longestLine {
						die("a message too long")
					}
					return nil
				}
				line = append(line, came[:end]...)
				came = came[end+1:]
				a.understand(line)
				if len(line) > muchBytes {
					line = nil
					debug.FreeOSMemory()
				}
				line = line[:0]
			}
		})
		if err != nil {
			die("the worker hung up")
		}
		if !more {
			return
		}
	}
}

func (a *agent) understand(line []byte) {
	var message message
	if err := json.Unmarshal(line, &message); err != nil {
		die("a message that is none: " + err.Error())
	}
	if err := a.act(message); err != nil {
		a.say(failure(err))
	}
}

func (a *agent) act(message message) error {
	if message.Type == "configure" {
		return a.configure(message)
	}
	if a.program == nil {
		return errors.New("not configured")
	}
	switch message.Type {
	case "warm":
		return a.program.warm()
	case "start":
		return a.program.start(message.Files)
	case "check":
		a.program.check()
	case "signal":
		a.program.terminate()
	case "stop":
		a.program.stop()
	case "reset":
		if err := makeDatabaseAnew(a.program.given.AdminSocket); err != nil {
			return err
		}
		a.say(plain{"done"})
	}
	return nil
}

func (a *agent) configure(given message) error {
	program := newProgram(given, a.mux.open("out"), a.mux.open("err"), a.say)
	a.mux.lock.Lock()
	a.program = program
	a.mux.lock.Unlock()
	for _, peer := range given.Peers {
		err := listen(peer.Port, func(c *conn) {
			if a.mux.isFull() {
				c.close()
				return
			}
			go relay(a.mux.open("peer:"+peer.Name), c)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *agent) say(message any) {
	text, err := json.Marshal(message)
	if err != nil {
		die(err.Error())
	}
	// One line after the other, each whole. The worker that hung up is told nothing.
	a.talking.Lock()
	defer a.talking.Unlock()
	a.worker.write(append(text, '\n'))
}
