package main

import (
	"errors"
	"sync/atomic"
	"syscall"
	"time"
)

const workFolder = "/work"

// The one program of a box: the learner's server, or PostgreSQL. Every start finds the box as the first one did.
type program struct {
	given    message
	out, err *stream
	say      func(any)
	// The address that it listens on.
	host atomic.Value

	waiting *waiting
	run     *run
	// Known from before the first start.
	modes []folderMode
}

func newProgram(given message, out, err *stream, say func(any)) *program {
	p := &program{given: given, out: out, err: err, say: say}
	p.host.Store(inet4)
	return p
}

// warm answers `warm` once a program waits for the first start, which it then serves. Later there is none: it would wait beside
// what a learner's program may have left running.
func (p *program) warm() error {
	if p.given.Waiting == nil {
		return errors.New("this program is started cold")
	}
	if p.modes != nil {
		return errors.New("a program waits only for the first start")
	}
	modes, err := modesOfFolders()
	if err != nil {
		return err
	}
	p.modes = modes
	if p.waiting, err = startWaiting(*p.given.Waiting, workFolder, p.given.Env, p.err); err != nil {
		return err
	}
	if !p.waiting.waits {
		return errors.New("the program did not come to wait")
	}
	p.say(plain{"warm"})
	return nil
}

// start answers `listening` once the port accepts, or `exited` if the program ends before.
func (p *program) start(files pairs) error {
	waiting := p.takeWaiting()
	if p.modes == nil {
		modes, err := modesOfFolders()
		if err != nil {
			return err
		}
		p.modes = modes
	} else if waiting == nil {
		killAll()
		if err := cleanUp(p.modes); err != nil {
			return err
		}
	}
	if err := layFiles(workFolder, files); err != nil {
		return err
	}
	started := time.Now()
	if waiting != nil {
		waiting.goOn()
		p.run = waiting.run
	} else {
		run, err := startRun(p.given.Command, workFolder, p.given.Env, p.err, false)
		if err != nil {
			return err
		}
		p.run = run
	}
	current := p.run
	current.passOn(p.out)
	go p.tellEnd(current)
	if host, accepts := p.untilItAccepts(waiting != nil, current.isOver); accepts {
		p.host.Store(host)
		p.say(listening{"listening", float64(time.Since(started).Microseconds()) / 1000})
	}
	return nil
}

// check answers `exited` once more when the program, or the one that waits, ended by itself; else `running`.
func (p *program) check() {
	current := p.current()
	if current != nil && !current.stopped.Load() && current.isAtItsEnd() {
		<-current.over
		p.say(current.news)
		return
	}
	p.say(running{"running", oomKills()})
}

func (p *program) terminate() {
	if p.run != nil && p.run.process != nil {
		p.run.process.kill(syscall.SIGTERM)
	}
}

// stop kills every process of this user but this one and init, so that nothing the program left behind lives on.
func (p *program) stop() {
	current := p.current()
	p.waiting = nil
	if current != nil {
		current.stopped.Store(true)
	}
	killAll()
	if current != nil && current.process != nil {
		<-current.process.gone
	}
	p.say(running{"stopped", oomKills()})
}

// current is what runs, or waits.
func (p *program) current() *run {
	if p.run == nil && p.waiting != nil {
		return p.waiting.run
	}
	return p.run
}

// takeWaiting returns the program that waits, if it is alive.
func (p *program) takeWaiting() *waiting {
	taken := p.waiting
	p.waiting = nil
	if taken == nil || !taken.waits || taken.run.isAtItsEnd() {
		return nil
	}
	return taken
}

func (p *program) tellEnd(current *run) {
	<-current.over
	if !current.stopped.Load() {
		p.say(current.news)
	}
}

const (
	goneWithin = time.Second
	lookEvery  = 200 * time.Microsecond
)

// killAll kills until nobody is left. One call reaches all that there are; they take a moment to be gone.
func killAll() {
	for late := time.Now().Add(goneWithin); syscall.Kill(-1, syscall.SIGKILL) == nil && time.Now().Before(late); {
		time.Sleep(lookEvery)
	}
}
