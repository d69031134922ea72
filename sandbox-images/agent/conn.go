package main

import (
	"os"
	"syscall"
	"time"
	"unsafe"
)

// A descriptor that is waited on with all others, in one call of the kernel. Reading and writing it never blocks, so the runtime
// is not told of it (RawSyscall): it would wake a thread to watch each such call.
type conn struct {
	file *os.File
	raw  syscall.RawConn
}

// inherited takes over a descriptor that the agent was started with.
func inherited(fd int) *conn {
	if err := syscall.SetNonblock(fd, true); err != nil {
		die("a descriptor that can't be waited on: " + err.Error())
	}
	return newConn(fd)
}

// newConn takes over a descriptor that doesn't block.
func newConn(fd int) *conn {
	file := os.NewFile(uintptr(fd), "")
	raw, err := file.SyscallConn()
	if err != nil {
		die("a descriptor that can't be waited on: " + err.Error())
	}
	return &conn{file, raw}
}

// whenReadable calls `act`, again whenever it returned EAGAIN and there is something to read.
func (c *conn) whenReadable(act func(fd uintptr) error) (err error) {
	waiting := c.raw.Read(func(fd uintptr) bool {
		err = act(fd)
		return err != syscall.EAGAIN
	})
	if waiting != nil {
		return waiting
	}
	return err
}

func (c *conn) whenWritable(act func(fd uintptr) error) (err error) {
	waiting := c.raw.Write(func(fd uintptr) bool {
		err = act(fd)
		return err != syscall.EAGAIN
	})
	if waiting != nil {
		return waiting
	}
	return err
}

// read returns 0 at the end.
func (c *conn) read(into []byte) (got int, err error) {
	err = c.whenReadable(func(fd uintptr) error {
		read, errno := readNow(fd, into)
		got = read
		return orNil(errno)
	})
	return got, err
}

// write writes all of it.
func (c *conn) write(bytes []byte) error {
	return c.whenWritable(func(fd uintptr) error {
		for len(bytes) > 0 {
			wrote, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(&bytes[0])), uintptr(len(bytes)))
			if errno == syscall.EINTR {
				continue
			}
			if errno != 0 {
				return errno
			}
			bytes = bytes[wrote:]
		}
		return nil
	})
}

// endWriting tells a socket's other end that nothing more comes.
func (c *conn) endWriting() {
	c.raw.Control(func(fd uintptr) {
		syscall.RawSyscall(syscall.SYS_SHUTDOWN, fd, syscall.SHUT_WR, 0)
	})
}

// How long what was said before a connection's other end broke may wait to be taken.
const lastWordsWithin = time.Second

// giveUp ends all waiting for something to read, and soon all waiting for room to write.
func (c *conn) giveUp() {
	c.file.SetReadDeadline(time.Now())
	c.file.SetWriteDeadline(time.Now().Add(lastWordsWithin))
}

func (c *conn) close() {
	c.file.Close()
}

// readNow reads from a descriptor that doesn't block; 0 and no error at the end.
func readNow(fd uintptr, into []byte) (int, syscall.Errno) {
	for {
		got, _, err := syscall.RawSyscall(syscall.SYS_READ, fd, uintptr(unsafe.Pointer(&into[0])), uintptr(len(into)))
		if err == syscall.EINTR {
			continue
		}
		if err != 0 {
			return 0, err
		}
		return int(got), 0
	}
}

func orNil(err syscall.Errno) error {
	if err == 0 {
		return nil
	}
	return err
}

// socketPair makes a socket of the agent's and one to hand to a program, for which it blocks.
func socketPair() (mine *conn, theirs int, err error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, -1, err
	}
	return inherited(fds[0]), fds[1], nil
}
