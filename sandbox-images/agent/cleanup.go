package main

import (
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Takes out of a box whatever a program left in it, so that the next start finds it as the first one did: files, however locked,
// deep or oddly named; the folders' own modes and times; shared memory, semaphores and message queues, which need no process to
// live on. No link is followed. What the kernel counts of a box (processes started, most memory used) stays.
var writable = []string{"/work", "/tmp", "/dev/shm"}

type folderMode struct {
	folder string
	mode   uint32
}

// modesOfFolders is called before the program is started for the first time.
func modesOfFolders() ([]folderMode, error) {
	var modes []folderMode
	for _, folder := range writable {
		var found syscall.Stat_t
		if err := syscall.Stat(folder, &found); err != nil {
			return nil, err
		}
		modes = append(modes, folderMode{folder, found.Mode & 0o7777})
	}
	return modes, nil
}

// cleanUp comes after every process of the program was killed: nothing may write while this takes away.
func cleanUp(modes []folderMode) error {
	for _, each := range modes {
		each.restore()
		if err := empty(each.folder); err != nil {
			return err
		}
		each.restore()
	}
	if somethingIsShared() {
		runTool("ipcrm", "--all")
	}
	return nil
}

// restore may fail: /dev/shm is root's, and what may not be set here the program can't have changed.
func (m folderMode) restore() {
	syscall.Chmod(m.folder, m.mode)
	now := time.Now()
	os.Chtimes(m.folder, now, now)
}

// empty removes all that is in a folder. Folders within folders are moved up before they are removed, since there may be more
// levels than a path may be long, or than descriptors can be open; each is unlocked first.
func empty(folder string) error {
	lifted := 0
	lift := func(path string) error {
		for {
			lifted++
			err := syscall.Rename(path, folder+"/"+strconv.Itoa(lifted))
			// The name may be taken.
			if !isOneOf(err, syscall.EEXIST, syscall.ENOTEMPTY, syscall.ENOTDIR) {
				return err
			}
		}
	}
	for {
		names, err := namesIn(folder)
		if err != nil || len(names) == 0 {
			return err
		}
		for _, name := range names {
			if err := remove(folder+"/"+name, lift); err != nil {
				return err
			}
		}
	}
}

// remove removes a file, a link or a folder whose own folders are moved away by `lift`.
func remove(path string, lift func(string) error) error {
	if err := syscall.Unlink(path); !isOneOf(err, syscall.EISDIR, syscall.EPERM) {
		return err
	}
	if err := syscall.Chmod(path, 0o700); err != nil {
		return err
	}
	for {
		names, err := namesIn(path)
		if err != nil {
			return err
		}
		if len(names) == 0 {
			return syscall.Rmdir(path)
		}
		for _, name := range names {
			inner := path + "/" + name
			err := syscall.Unlink(inner)
			if isOneOf(err, syscall.EISDIR, syscall.EPERM) {
				// A folder that can't be written to can't be moved.
				if err = syscall.Chmod(inner, 0o700); err == nil {
					err = lift(inner)
				}
			}
			if err != nil {
				return err
			}
		}
	}
}

const atATime = 1000

// namesIn gives some of the names in a folder, none when it is empty.
func namesIn(folder string) ([]string, error) {
	opened, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	names, err := opened.Readdirnames(atATime)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return names, err
}

func isOneOf(err error, those ...syscall.Errno) bool {
	for _, each := range those {
		if err == each {
			return true
		}
	}
	return false
}

// somethingIsShared says whether there is any System V memory, semaphore or queue; where the kernel has no such list, there may be.
func somethingIsShared() bool {
	for _, kind := range []string{"shm", "sem", "msg"} {
		list, err := readFile("/proc/sysvipc/" + kind)
		if err != nil || strings.Contains(strings.TrimSpace(list), "\n") {
			return true
		}
	}
	return false
}
