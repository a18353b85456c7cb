package main

import (
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"strings"
	"time"

	"github.com/mdlayher/watchdog"
	"golang.org/x/sys/unix"
)

// notifySocket takes the kiosk service's messages: those of sd_notify(3), and
// two of our own.
const notifySocket = run + "/notify"

const (
	alive   = "WATCHDOG=1"           // the loop that owns the booth's state turns
	confirm = "VISIOBORNE_CONFIRM=1" // this root is the trusted one now
	reboot  = "VISIOBORNE_REBOOT=1"  // please
)

const (
	// firstLife is how long the service may take to its first sign of life: on a Pi 3, a slow card and a first start.
	firstLife = 2 * time.Minute
	// life is how long it may be silent afterwards. Its loop turns in milliseconds and says so every two seconds.
	life = 30 * time.Second
	// trialTime is how long a root on trial has to confirm itself.
	trialTime = 3 * time.Minute
	// maxKills a service that keeps hanging is killed so often in an hour before the machine is restarted.
	maxKills = 3
)

// openWatchdog takes the hardware watchdog before gokrazy does, which would feed
// it whatever the service does. Without the hardware, restarts are software's.
func openWatchdog() *watchdog.Device {
	d, err := watchdog.Open()
	if err != nil {
		log.Printf("no hardware watchdog: %v", err)
		return nil
	}
	return d
}

type watch struct {
	dog   *watchdog.Device
	conn  *net.UnixConn
	trial bool
}

func newWatch(dog *watchdog.Device, trial bool) (*watch, error) {
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: notifySocket, Net: "unixgram"})
	if err != nil {
		return nil, fmt.Errorf("listening for the service's signs of life: %w", err)
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("listening for the service's signs of life: %w", err)
	}
	var sockErr error
	err = raw.Control(func(fd uintptr) { // the sender's process id comes with each message
		sockErr = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_PASSCRED, 1)
	})
	if err := errors.Join(err, sockErr); err != nil {
		return nil, fmt.Errorf("listening for the service's signs of life: %w", err)
	}
	return &watch{dog: dog, conn: conn, trial: trial}, nil
}

// message is what the service said, and its process.
type message struct {
	text string
	pid  int
}

// run feeds the watchdog while the service lives. A service that hangs is
// killed, with a dump of its goroutines in the log, and started again by its
// supervisor; one that keeps hanging, a trial that nobody confirms and a request
// restart the machine. If even that hangs, nobody feeds the watchdog any more.
func (w *watch) run() {
	messages := make(chan message)
	go w.read(messages)
	tick := time.NewTicker(time.Second)
	v := verdict{born: time.Now(), started: time.Now(), trial: w.trial}
	for {
		select {
		case m := <-messages:
			v.said(m, time.Now())
		case now := <-tick.C:
			v.judge(now)
		}
		switch {
		case v.restart != "":
			restart(v.restart)
			return // from here on, nobody feeds the watchdog
		case v.kill != 0:
			log.Printf("the service (process %d) gave no sign of life", v.kill)
			go end(v.kill)
			v.kill = 0
		}
		if w.dog != nil {
			if err := w.dog.Ping(); err != nil {
				log.Printf("feeding the watchdog: %v", err)
			}
		}
	}
}

// end ends a service that hangs. One that has ended by itself is started again
// by its supervisor, and its process id may be another program's by now.
func end(pid int) {
	exe := fmt.Sprintf("/proc/%d/exe", pid)
	if name, err := os.Readlink(exe); err != nil || name != kioskProgram {
		return
	}
	unix.Kill(pid, unix.SIGABRT) // Go writes its goroutines to the log and exits
	time.Sleep(5 * time.Second)
	if name, err := os.Readlink(exe); err == nil && name == kioskProgram {
		unix.Kill(pid, unix.SIGKILL)
	}
}

func (w *watch) read(messages chan<- message) {
	b, oob := make([]byte, 4096), make([]byte, unix.CmsgSpace(unix.SizeofUcred))
	for {
		n, oobn, _, _, err := w.conn.ReadMsgUnix(b, oob)
		if err != nil {
			log.Printf("reading the service's signs of life: %v", err)
			os.Exit(1) // a machine without a watch restarts: panic=10
		}
		pid := 0
		if cmsgs, err := unix.ParseSocketControlMessage(oob[:oobn]); err == nil && len(cmsgs) == 1 {
			if cred, err := unix.ParseUnixCredentials(&cmsgs[0]); err == nil {
				pid = int(cred.Pid)
			}
		}
		for text := range strings.Lines(string(b[:n])) {
			messages <- message{strings.TrimSpace(text), pid}
		}
	}
}

// verdict decides what becomes of the service and the machine. It reads no clock.
type verdict struct {
	born          time.Time // of this init
	started, last time.Time // of the service
	pid           int
	kills         []time.Time
	trial         bool

	kill    int    // a process to kill
	restart string // why the machine is to be restarted
}

func (v *verdict) said(m message, now time.Time) {
	switch m.text {
	case alive:
		v.last, v.pid = now, m.pid
	case confirm:
		v.trial = false
	case reboot:
		v.restart = "the service asked for it"
	}
}

func (v *verdict) judge(now time.Time) {
	switch {
	case v.trial && now.Sub(v.born) > trialTime:
		v.restart = fmt.Sprintf("this root was on trial and did not confirm itself within %v", trialTime)
	case v.last.IsZero() && now.Sub(v.started) > firstLife:
		v.restart = fmt.Sprintf("the service gave no sign of life within %v", firstLife)
	case !v.last.IsZero() && now.Sub(v.last) > life:
		for len(v.kills) > 0 && now.Sub(v.kills[0]) > time.Hour {
			v.kills = v.kills[1:]
		}
		if len(v.kills) == maxKills {
			v.restart = fmt.Sprintf("the service hung %d times in an hour", maxKills+1)
			return
		}
		v.kills = append(v.kills, now)
		v.kill = v.pid
		// The next one gets the time of a start.
		v.last, v.started = time.Time{}, now
	}
}
