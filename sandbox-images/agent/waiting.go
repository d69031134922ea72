package main

import "encoding/json"

// A program that was started before its files are there, and waits for the word on its stdin (sandbox-images/node/waiting).
// It is started outside its folder and goes there by itself.
type waiting struct {
	run *run
	// Whether it came to wait; false when it ended instead, or said something else.
	waits bool
}

func startWaiting(given waitingCommand, folder string, env pairs, complaints *stream) (*waiting, error) {
	r, err := startRun(given.Command, "/", env, complaints, true)
	if err != nil {
		return nil, err
	}
	if r.process == nil {
		return &waiting{run: r}, nil
	}
	modules := given.Modules
	if modules == nil {
		modules = []string{}
	}
	what, err := json.Marshal(map[string]any{"folder": folder, "modules": modules})
	if err != nil {
		return nil, err
	}
	// It may end before it has read.
	r.ends.mine[0].write(append(what, '\n'))
	word := make([]byte, 2)
	got, _ := r.ends.mine[1].read(word)
	return &waiting{run: r, waits: string(word[:got]) == "\x00"}, nil
}

func (w *waiting) goOn() {
	w.run.ends.mine[0].write([]byte("\n"))
	w.run.ends.mine[0].close()
}
