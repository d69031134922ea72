package main

import (
	"encoding/binary"
	"slices"
	"syscall"
	"time"
)

const (
	poll = 5 * time.Millisecond
	// A program that waited listens within a few milliseconds: at first it is asked more often.
	quickPoll = time.Millisecond
	quickFor  = 60 * time.Millisecond
)

// Where a program may listen. The second is there under gVisor alone, whose boxes know IPv6 and call it "localhost" first.
var loopbacks = []loopback{inet4, inet6}

// untilItAccepts waits until the program accepts connections: a TCP accept on its port, or, for PostgreSQL (adminSocket), the
// server's consent to a login, since it accepts connections before it takes queries. Says on which address. Gives up when
// `over` says so; the time limit is the worker's. `soon`: it is about to listen.
func (p *program) untilItAccepts(soon bool, over func() bool) (loopback, bool) {
	began := time.Now()
	hosts := slices.Clone(loopbacks)
	for !over() {
		if p.given.AdminSocket != "" {
			if postgresAnswers(p.given.AdminSocket) {
				return inet4, true
			}
		} else if host, found := findListener(&hosts, p.given.Port); found {
			return host, true
		}
		if soon && time.Since(began) < quickFor {
			time.Sleep(quickPoll)
		} else {
			time.Sleep(poll)
		}
	}
	return "", false
}

// findListener tries each address; those that the box doesn't have are asked no more.
func findListener(hosts *[]loopback, port int) (loopback, bool) {
	for _, host := range slices.Clone(*hosts) {
		err := tryTCP(host, port)
		if err == nil {
			return firstThatAccepts(host, port), true
		}
		if err == syscall.EADDRNOTAVAIL || err == syscall.EAFNOSUPPORT {
			*hosts = slices.DeleteFunc(*hosts, func(each loopback) bool { return each == host })
		}
	}
	return "", false
}

// A program that listens on every address may have begun to between two questions. It is reached by the same one at each start,
// or its peer's address would tell one start from another.
func firstThatAccepts(found loopback, port int) loopback {
	for _, host := range loopbacks {
		if host == found || tryTCP(host, port) == nil {
			return host
		}
	}
	return found
}

func postgresAnswers(path string) bool {
	c, err := dialUnix(path)
	if err != nil {
		return false
	}
	defer c.close()
	if c.write(startupMessage()) != nil {
		return false
	}
	// 'R' is an answer to the login; 'E' an error such as "the database system is starting up".
	answer := make([]byte, 1)
	got, _ := c.read(answer)
	return got == 1 && answer[0] == 'R'
}

// startupMessage is the frontend/backend protocol's, version 3.0: the superuser, who is let in without a word.
func startupMessage() []byte {
	const version = 196_608
	body := "user\x00assay\x00database\x00postgres\x00\x00"
	message := binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))
	return append(binary.BigEndian.AppendUint32(message, version), body...)
}
