package main

import (
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// How long what a program printed may take to arrive after its end.
const lastWords = 100 * time.Millisecond

// One run of the program, from start to end.
type run struct {
	// Nil when the command couldn't be run at all.
	process *process
	ends    ends
	// By us.
	stopped atomic.Bool
	// Closed when all that it printed was passed on.
	printed chan struct{}
	// Closed after its last words; `news` tells its end then.
	over chan struct{}
	news exited
}

// startRun starts a command. What it prints to stdout waits for passOn, what it prints to stderr goes to `complaints`. Fails when
// it can't be run for a reason of ours.
func startRun(command []string, folder string, env pairs, complaints *stream, withStdin bool) (*run, error) {
	r := &run{printed: make(chan struct{}), over: make(chan struct{})}
	ends, err := openEnds(withStdin)
	if err == nil {
		r.process, err = startProcess(command, folder, env, ends.theirs)
		ends.closeTheirs()
	}
	if err != nil {
		ends.close()
		code, ok := codeOf(err)
		if !ok {
			return nil, err
		}
		complaints.write([]byte("spawn " + command[0] + ": " + err.Error() + "\n"))
		r.news = exited{Type: "exited", Code: &code, OomKills: oomKills()}
		close(r.over)
		return r, nil
	}
	r.ends = ends
	complained := make(chan struct{})
	go func() {
		complaints.carry(ends.mine[2])
		close(complained)
	}()
	go r.watch(complained)
	return r, nil
}

// The program's stdin, stdout and stderr. Our end of stdin is nil where it is /dev/null.
type ends struct {
	mine   [3]*conn
	theirs [3]int
}

func openEnds(withStdin bool) (ends, error) {
	opened := ends{theirs: [3]int{-1, -1, -1}}
	for number := range opened.theirs {
		var err error
		if number == 0 && !withStdin {
			opened.theirs[0], err = syscall.Open("/dev/null", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		} else {
			opened.mine[number], opened.theirs[number], err = socketPair()
		}
		if err != nil {
			opened.closeTheirs()
			return opened, err
		}
	}
	return opened, nil
}

func (e ends) closeTheirs() {
	for _, fd := range e.theirs {
		if fd >= 0 {
			syscall.Close(fd)
		}
	}
}

func (e ends) close() {
	for _, c := range e.mine {
		if c != nil {
			c.close()
		}
	}
}

// codeOf is the code of a command that can't be run, as Node has it; false for reasons that are none of the command's.
func codeOf(err error) (int, bool) {
	switch err {
	case syscall.EACCES, syscall.EAGAIN, syscall.EMFILE, syscall.ENFILE, syscall.ENOENT:
		return -int(err.(syscall.Errno)), true
	}
	return 0, false
}

// passOn sends what the program prints, from its first word to its last.
func (r *run) passOn(to *stream) {
	if r.process == nil {
		return
	}
	go func() {
		to.carry(r.ends.mine[1])
		close(r.printed)
	}()
}

// watch waits for the end of the program, and of what it said.
func (r *run) watch(complained <-chan struct{}) {
	<-r.process.gone
	// A child of the program may hold its output open; the program itself has ended all the same.
	late := make(chan struct{})
	time.AfterFunc(lastWords, func() { close(late) })
	for _, done := range []<-chan struct{}{r.printed, complained} {
		select {
		case <-done:
		case <-late:
		}
	}
	r.ends.close()
	r.news = endOf(r.process.status)
	close(r.over)
}

func (r *run) isOver() bool {
	select {
	case <-r.over:
		return true
	default:
		return false
	}
}

// isAtItsEnd says whether the program has ended, or is about to.
func (r *run) isAtItsEnd() bool {
	return r.process == nil || r.process.hasEnded() || isExiting(r.process.pid)
}

func endOf(status syscall.WaitStatus) exited {
	news := exited{Type: "exited", OomKills: oomKills()}
	if status.Signaled() {
		name := signalName(status.Signal())
		news.Signal = &name
	} else {
		code := status.ExitStatus()
		news.Code = &code
	}
	return news
}

// The kernel's numbers from 1 on, on every architecture that there are boxes for.
var signalNames = strings.Fields(`SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2
	SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF
	SIGWINCH SIGIO SIGPWR SIGSYS`)

func signalName(number syscall.Signal) string {
	if number >= 1 && int(number) <= len(signalNames) {
		return signalNames[number-1]
	}
	return "SIG" + strconv.Itoa(int(number))
}

// oomKills is how many processes of this box the kernel has killed for memory: cgroup v2, v1, or 0 where neither can be read.
func oomKills() int {
	for _, file := range []string{"/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"} {
		text, _ := readFile(file)
		for line := range strings.Lines(text) {
			if count, found := strings.CutPrefix(line, "oom_kill "); found {
				kills, _ := strconv.Atoi(strings.TrimSpace(count))
				return kills
			}
		}
	}
	return 0
}
