package main

import (
	"syscall"
	"time"
)

// loopback is an address of a box's own.
type loopback string

const (
	inet4 loopback = "127.0.0.1"
	inet6 loopback = "::1"
)

// Connections that may wait to be accepted; the kernel has a bound of its own.
const backlog = 511

const streamSocket = syscall.SOCK_STREAM | syscall.SOCK_NONBLOCK | syscall.SOCK_CLOEXEC

// dialTCP connects to a port of the loopback.
func dialTCP(host loopback, port int) (*conn, error) {
	fd, err := connectTCP(host, port)
	if err != nil {
		return nil, err
	}
	sendAtOnce(fd)
	return newConn(fd), nil
}

func dialUnix(path string) (*conn, error) {
	fd, err := connect(syscall.AF_UNIX, &syscall.SockaddrUnix{Name: path})
	if err != nil {
		return nil, err
	}
	return newConn(fd), nil
}

// tryTCP says whether somebody accepts connections at a port of the loopback.
func tryTCP(host loopback, port int) error {
	fd, err := connectTCP(host, port)
	if err == nil {
		syscall.Close(fd)
	}
	return err
}

func connectTCP(host loopback, port int) (int, error) {
	if host == inet6 {
		return connect(syscall.AF_INET6, &syscall.SockaddrInet6{Port: port, Addr: [16]byte{15: 1}})
	}
	return connect(syscall.AF_INET, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}})
}

// How long to wait before looking again at a connection that is being made: longer each time, up to this.
const longestPause = 20 * time.Millisecond

// connect connects a socket. On a loopback the outcome is there at once, unless who listens has no room for one more.
func connect(family int, address syscall.Sockaddr) (int, error) {
	fd, err := syscall.Socket(family, streamSocket, 0)
	if err != nil {
		return -1, err
	}
	err = syscall.Connect(fd, address)
	for pause := time.Millisecond; err == syscall.EINPROGRESS; pause = min(2*pause, longestPause) {
		if err = outcome(fd); err == syscall.EINPROGRESS {
			time.Sleep(pause)
		}
	}
	if err != nil {
		syscall.Close(fd)
		return -1, err
	}
	return fd, nil
}

// outcome is that of a connect: EINPROGRESS while there is none.
func outcome(fd int) error {
	if reason, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ERROR); err != nil {
		return err
	} else if reason != 0 {
		return syscall.Errno(reason)
	}
	if _, err := syscall.Getpeername(fd); err == syscall.ENOTCONN {
		return syscall.EINPROGRESS
	}
	return nil
}

func sendAtOnce(fd int) {
	syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
}

// listen listens on a port of the loopback and has each connection served.
func listen(port int, serve func(*conn)) error {
	fd, err := syscall.Socket(syscall.AF_INET, streamSocket, 0)
	if err != nil {
		return err
	}
	syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	err = syscall.Bind(fd, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}})
	if err == nil {
		err = syscall.Listen(fd, backlog)
	}
	if err != nil {
		syscall.Close(fd)
		return err
	}
	go accept(newConn(fd), serve)
	return nil
}

func accept(listener *conn, serve func(*conn)) {
	for {
		accepted := -1
		err := listener.whenReadable(func(fd uintptr) (err error) {
			accepted, _, err = syscall.Accept4(int(fd), syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
			return err
		})
		if err != nil {
			// A connection that is gone already, or no room for one now.
			time.Sleep(time.Millisecond)
			continue
		}
		sendAtOnce(accepted)
		serve(newConn(accepted))
	}
}
