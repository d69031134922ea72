package main

// relay makes a stream and a connection one: bytes and half-closes pass both ways; when one breaks, so does the other.
func relay(s *stream, c *conn) {
	// Whoever waits for the connection must hear of it.
	s.whenReset(c.giveUp)
	outward := make(chan error, 1)
	go func() {
		err := s.carry(c)
		if err == nil {
			s.end()
		} else {
			// Ends the other direction, too.
			s.fail()
			c.giveUp()
		}
		outward <- err
	}()
	inward := deliver(s, c)
	// Whoever closed a connection without reading all may have answered before.
	inOrder := <-outward == nil && inward == nil
	s.close(inOrder)
	c.close()
}

// deliver writes what the stream brings to a connection, and its end.
func deliver(s *stream, c *conn) error {
	for {
		more, err := s.take(c.write)
		if err != nil {
			return err
		}
		if !more {
			c.endWriting()
			return nil
		}
	}
}
