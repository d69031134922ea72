package main

import (
	"encoding/binary"
	"errors"
	"strings"
)

// Statements of our own, one after the other in one session of the superuser, by PostgreSQL's protocol itself (version 3.0,
// "simple query"): a program for it takes longer to start than the statements take. The socket lets its user in without a word.
const (
	readyForQuery = 'Z'
	errorResponse = 'E'
	// Type and length.
	messageHead    = 5
	longestAnswer  = 1024 * 1024
	atEndOfSession = "the server closed the session"
)

// runStatements runs them in database "postgres", each in a transaction of its own; fails with the server's words at the first
// that does.
func runStatements(socket string, statements ...string) error {
	c, err := dialUnix(socket)
	if err != nil {
		return err
	}
	defer c.close()
	session := &session{conn: c}
	if err := c.write(startupMessage()); err != nil {
		return err
	}
	var failed error
	for {
		kind, body, err := session.next()
		if err != nil {
			// A login that is refused ends with the server's words.
			return errors.Join(failed, err)
		}
		if kind == errorResponse && failed == nil {
			failed = errors.New(wordsOf(body))
		}
		if kind != readyForQuery {
			continue
		}
		if failed != nil || len(statements) == 0 {
			session.quit()
			return failed
		}
		if err := c.write(pgMessage('Q', statements[0]+"\x00")); err != nil {
			return err
		}
		statements = statements[1:]
	}
}

type session struct {
	conn *conn
	held []byte
}

// next gives the server's next message.
func (s *session) next() (kind byte, body []byte, err error) {
	for {
		if len(s.held) >= messageHead {
			length := int(binary.BigEndian.Uint32(s.held[1:]))
			if length > longestAnswer {
				return 0, nil, errors.New("an answer too long")
			}
			if end := 1 + length; len(s.held) >= max(end, messageHead) {
				kind, body, s.held = s.held[0], s.held[messageHead:max(end, messageHead)], s.held[max(end, messageHead):]
				return kind, body, nil
			}
		}
		buffer := make([]byte, 4096)
		got, err := s.conn.read(buffer)
		if err != nil {
			return 0, nil, err
		}
		if got == 0 {
			return 0, nil, errors.New(atEndOfSession)
		}
		s.held = append(s.held, buffer[:got]...)
	}
}

// quit ends the session in words, and waits until the server has done so.
func (s *session) quit() {
	if s.conn.write(pgMessage('X', "")) != nil {
		return
	}
	rest := make([]byte, 4096)
	for {
		if got, err := s.conn.read(rest); got == 0 || err != nil {
			return
		}
	}
}

// wordsOf reads fields of an error: a letter, text, zero; M is the message.
func wordsOf(body []byte) string {
	for field := range strings.SplitSeq(string(body), "\x00") {
		if words, found := strings.CutPrefix(field, "M"); found {
			return words
		}
	}
	return "an error without words"
}

func pgMessage(kind byte, body string) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{kind}, uint32(4+len(body))), body...)
}
