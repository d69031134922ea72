// The box agent: what runs first in a subject's and in a database's box (protocol: core/agent-protocol.ts).
// It lays the files, starts and stops the program, and joins the box's loopback to the streams of its stdin and stdout.
// It runs as the same user as the learner's program and holds nothing that the learner may not know.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
)

func main() {
	// Whoever has the same user may otherwise read its memory and write to its line.
	if _, _, err := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_DUMPABLE, 0, 0); err != 0 {
		die("the box agent can't close itself: " + err.Error())
	}
	// Stopping a program kills every process of this user, which must never happen outside a box.
	if os.Getuid() == 0 {
		die("the box agent runs only inside a box, never as root")
	}
	// Hardly anything runs at the same time, and a second processor wakes threads that find nothing to do.
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(50)
	keepThreads(spareThreads)
	watchChildren()

	line := newMux()
	agent := &agent{mux: line}
	line.onStream = agent.serve
	go line.write(inherited(1))
	if fault := line.read(inherited(0)); fault != "" {
		die(fault)
	}
	os.Exit(0)
}

func die(words string) {
	fmt.Fprintln(os.Stderr, words)
	os.Exit(1)
}

const spareThreads = 3

// keepThreads makes threads that the runtime keeps. It makes one when another is held up in a call of the kernel, and ends the
// process when it can't: a program that takes all processes of the box must not bring that about.
func keepThreads(count int) {
	var made sync.WaitGroup
	release := make(chan struct{})
	made.Add(count)
	for range count {
		go func() {
			runtime.LockOSThread()
			made.Done()
			<-release
			runtime.UnlockOSThread()
		}()
	}
	made.Wait()
	close(release)
}
