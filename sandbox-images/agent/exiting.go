package main

import (
	"strconv"
	"strings"
	"syscall"
)

// include/linux/sched.h: set when a process begins to exit. gVisor shows no flags.
const exitingFlag = 0x4

// isExiting says whether a process is on its way out, or dead and not yet buried. The kernel closes what a process had open before
// it tells the parent of its end: whoever was connected to it knows first, and may ask us in between.
func isExiting(pid int) bool {
	stat, err := readFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		// Anything else, such as no file that may be opened, says nothing about it.
		return err == syscall.ENOENT || err == syscall.ESRCH
	}
	// proc(5): the fields after the program's name, which may hold anything; state is field 3, flags are field 9.
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 7 {
		return false
	}
	flags, _ := strconv.Atoi(fields[6])
	return fields[0] == "Z" || fields[0] == "X" || flags&exitingFlag != 0
}
