package main

import (
	"bytes"
	"encoding/json"
)

// Messages as core/agent-protocol.ts has them. The worker's are ours and right; what goes to it is held to its schema there.
type message struct {
	Type string
	// Of "configure".
	Command     []string
	Waiting     *waitingCommand
	Env         pairs
	Port        int
	AdminSocket string
	Peers       []peer
	// Of "start".
	Files pairs
}

type waitingCommand struct {
	Command []string
	Modules []string
}

type peer struct {
	Name string
	Port int
}

// Pairs are an object of texts in the order in which it came: a program can tell in which order its files were laid.
type pairs []pair

type pair struct{ name, value string }

func (p *pairs) UnmarshalJSON(text []byte) error {
	reader := json.NewDecoder(bytes.NewReader(text))
	if _, err := reader.Token(); err != nil {
		return err
	}
	for reader.More() {
		name, err := reader.Token()
		if err != nil {
			return err
		}
		var each pair
		each.name, _ = name.(string)
		if err := reader.Decode(&each.value); err != nil {
			return err
		}
		*p = append(*p, each)
	}
	return nil
}

func (p pairs) get(name string) string {
	for _, each := range p {
		if each.name == name {
			return each.value
		}
	}
	return ""
}

type (
	plain struct {
		Type string `json:"type"`
	}
	listening struct {
		Type    string  `json:"type"`
		AfterMs float64 `json:"afterMs"`
	}
	running struct {
		Type     string `json:"type"`
		OomKills int    `json:"oomKills"`
	}
	exited struct {
		Type     string  `json:"type"`
		Code     *int    `json:"code"`
		Signal   *string `json:"signal"`
		OomKills int     `json:"oomKills"`
	}
	failed struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	}
)

const longestMessage = 4000

func failure(err error) failed {
	words := err.Error()
	if len(words) > longestMessage {
		words = words[:longestMessage]
	}
	return failed{"failed", words}
}
