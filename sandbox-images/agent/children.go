package main

import (
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
)

// A process that the agent started.
type process struct {
	pid int
	// Closed once it has ended and is buried; `status` is known then.
	gone   chan struct{}
	status syscall.WaitStatus
}

var (
	childrenLock sync.Mutex
	children     = map[int]*process{}
)

// watchChildren buries the processes that end.
func watchChildren() {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGCHLD)
	go func() {
		for range ended {
			bury()
		}
	}()
}

func bury() {
	childrenLock.Lock()
	defer childrenLock.Unlock()
	for pid, child := range children {
		if got, _ := syscall.Wait4(pid, &child.status, syscall.WNOHANG, nil); got == pid {
			delete(children, pid)
			close(child.gone)
		}
	}
}

// startProcess starts a command in a session of its own. It finds it by the PATH that the command gets.
func startProcess(command []string, folder string, env pairs, descriptors [3]int) (*process, error) {
	path, err := lookUp(command[0], env.get("PATH"))
	if err != nil {
		return nil, err
	}
	variables := make([]string, len(env))
	for i, each := range env {
		variables[i] = each.name + "=" + each.value
	}
	attributes := &syscall.ProcAttr{
		Dir:   folder,
		Env:   variables,
		Files: []uintptr{uintptr(descriptors[0]), uintptr(descriptors[1]), uintptr(descriptors[2])},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	}
	// Its end may come before it is known here.
	childrenLock.Lock()
	defer childrenLock.Unlock()
	pid, err := syscall.ForkExec(path, command, attributes)
	if err != nil {
		return nil, err
	}
	child := &process{pid: pid, gone: make(chan struct{})}
	children[pid] = child
	return child, nil
}

// kill sends a signal, to nobody once the process is buried.
func (p *process) kill(number syscall.Signal) {
	childrenLock.Lock()
	defer childrenLock.Unlock()
	if children[p.pid] == p {
		syscall.Kill(p.pid, number)
	}
}

func (p *process) hasEnded() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}

func lookUp(program, path string) (string, error) {
	if strings.Contains(program, "/") {
		return program, nil
	}
	for _, folder := range strings.Split(path, ":") {
		file := folder + "/" + program
		if found, err := os.Stat(file); err == nil && found.Mode().IsRegular() && found.Mode()&0o111 != 0 {
			return file, nil
		}
	}
	return "", syscall.ENOENT
}

// runTool runs one of the box's own programs and waits for its end.
func runTool(command ...string) {
	nothing, err := syscall.Open("/dev/null", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer syscall.Close(nothing)
	tool, err := startProcess(command, "/", pairs{{"PATH", "/usr/bin:/bin"}}, [3]int{nothing, nothing, nothing})
	if err == nil {
		<-tool.gone
	}
}
