// Inspector is what the tests put into a machine's image in the place of
// gokrazy's randomd, to look into the machine and to do harm: it tells what runs
// there and how much memory it takes, sends signals, and starts the booth's own
// browser beside the one on the panel. No image that is given away has it.
//
//	GET  /processes               every process, as JSON
//	GET  /memory                  the kernel's count of all memory, in kB, as JSON
//	POST /signal?pid=N&signal=N   kill(2)
//	GET  /browse?pid=N&url=URL    what the browser makes of an address; &debug=1 lets it be told, against its policy
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// process is one process, as proc(5) tells it.
type process struct {
	PID, Parent int
	Program     string
	Arguments   []string
	User        int
	// Seccomp is 2 where a filter decides which system calls are allowed; Capabilities are those in effect, in hexadecimal.
	Seccomp      int
	Capabilities string
	// Network and Users name the namespaces.
	Network, Users string
	// MemoryKB is its share of memory (PSS): what it shares with others is divided among them.
	MemoryKB int
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("inspector: ")
	// What is in whose place does what that did.
	if c := exec.Command("/gokrazy/randomd.real"); c.Start() == nil {
		go func() { _ = c.Wait() }()
	}
	http.HandleFunc("GET /processes", func(w http.ResponseWriter, r *http.Request) { answer(w, processes()) })
	http.HandleFunc("GET /memory", func(w http.ResponseWriter, r *http.Request) { answer(w, fields("/proc/meminfo")) })
	http.HandleFunc("POST /signal", func(w http.ResponseWriter, r *http.Request) {
		if err := unix.Kill(number(r, "pid"), unix.Signal(number(r, "signal"))); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
		}
	})
	http.HandleFunc("GET /browse", func(w http.ResponseWriter, r *http.Request) {
		out, err := browse(r.Context(), number(r, "pid"), r.FormValue("url"), r.FormValue("debug") != "")
		if err != nil {
			http.Error(w, fmt.Sprintf("%v: %s", err, out), http.StatusInternalServerError)
			return
		}
		w.Write(out)
	})
	log.Fatal(http.ListenAndServe(":9999", nil))
}

func answer(w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		log.Print(err)
	}
}

func number(r *http.Request, name string) int {
	n, err := strconv.Atoi(r.FormValue(name))
	if err != nil {
		return -1 << 20 // no process and no signal
	}
	return n
}

// fields reads lines of "Name: value kB".
func fields(file string) map[string]string {
	found := map[string]string{}
	b, err := os.ReadFile(file)
	if err != nil {
		return found
	}
	for line := range strings.Lines(string(b)) {
		name, value, ok := strings.Cut(line, ":")
		if ok {
			found[name] = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		}
	}
	return found
}

func processes() []process {
	folders, _ := filepath.Glob("/proc/[0-9]*")
	var all []process
	for _, folder := range folders {
		status := fields(folder + "/status")
		program, err := os.Readlink(folder + "/exe")
		if err != nil {
			continue // one of the kernel's, or gone
		}
		p := process{Program: program, Capabilities: status["CapEff"]}
		p.PID, _ = strconv.Atoi(filepath.Base(folder))
		p.Parent, _ = strconv.Atoi(status["PPid"])
		p.Seccomp, _ = strconv.Atoi(status["Seccomp"])
		if user, _, ok := strings.Cut(status["Uid"], "\t"); ok {
			p.User, _ = strconv.Atoi(user)
		}
		if b, err := os.ReadFile(folder + "/cmdline"); err == nil {
			p.Arguments = strings.FieldsFunc(string(b), func(c rune) bool { return c == 0 || c == ' ' }) // Chromium's children write theirs anew, with spaces
		}
		p.Network, _ = os.Readlink(folder + "/ns/net")
		p.Users, _ = os.Readlink(folder + "/ns/user")
		p.MemoryKB, _ = strconv.Atoi(fields(folder + "/smaps_rollup")["Pss"])
		all = append(all, p)
	}
	return all
}

// browse starts the browser of that process once more, in its namespaces and
// from its root, without a panel, opens an address in it over its interface for
// debuggers, and gives the error that it shows, or the page's title.
//
// The booth's policy forbids debuggers. With debug that word of it is changed,
// for this browser alone.
func browse(ctx context.Context, pid int, url string, debug bool) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	type result struct {
		out []byte
		err error
	}
	done := make(chan result)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread that is elsewhere ends here
		out, err := browseApart(ctx, pid, url, debug)
		done <- result{out, err}
	}()
	r := <-done
	return r.out, r.err
}

func browseApart(ctx context.Context, pid int, url string, debug bool) ([]byte, error) {
	if err := unix.Unshare(unix.CLONE_FS); err != nil { // a thread that shares its folder cannot change its mounts
		return nil, fmt.Errorf("parting from the other threads: %w", err)
	}
	var namespaces []int
	for _, name := range []string{"pid", "net", "mnt"} { // all opened before the first is entered: then /proc is another one
		fd, err := unix.Open(fmt.Sprintf("/proc/%d/ns/%s", pid, name), unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return nil, fmt.Errorf("opening namespace %s: %w", name, err)
		}
		defer unix.Close(fd)
		namespaces = append(namespaces, fd)
	}
	for _, fd := range namespaces {
		if err := unix.Setns(fd, 0); err != nil {
			return nil, fmt.Errorf("entering a namespace: %w", err)
		}
	}
	if debug {
		if err := allowDebuggers(); err != nil {
			return nil, fmt.Errorf("changing the policy: %w", err)
		}
	}
	commands, toBrowser, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer toBrowser.Close()
	fromBrowser, answers, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer fromBrowser.Close()
	c := exec.CommandContext(ctx, "/usr/lib/chromium/chromium", "--headless", "--no-sandbox", "--disable-gpu",
		fmt.Sprintf("--user-data-dir=/tmp/inspected-%d", time.Now().UnixNano()), "--remote-debugging-pipe", "about:blank")
	c.Env = []string{"HOME=/tmp", "PATH=/usr/bin", "XDG_RUNTIME_DIR=/tmp", "LANG=C.UTF-8"}
	c.Dir = "/"
	c.ExtraFiles = []*os.File{commands, answers} // 3 and 4
	const user = 1000
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user, NoSetGroups: true}}
	var errors strings.Builder
	c.Stderr = &errors
	if err := c.Start(); err != nil {
		return nil, fmt.Errorf("starting the browser: %w", err)
	}
	commands.Close()
	answers.Close()
	page, err := load(toBrowser, bufio.NewReader(fromBrowser), url)
	_ = c.Process.Kill()
	_ = c.Wait()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, errors.String())
	}
	return page, nil
}

// allowDebuggers gives this thread mounts of its own, where the browser's policy has that one line changed.
func allowDebuggers() error {
	const folder, file = "/etc/chromium/policies/managed", "/etc/chromium/policies/managed/kiosk.json"
	policy, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	changed := strings.Replace(string(policy), `"DeveloperToolsAvailability": 2`, `"DeveloperToolsAvailability": 1`, 1)
	if changed == string(policy) {
		return fmt.Errorf("%s does not forbid them", file)
	}
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return err
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "mode=755"); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(changed), 0o644)
}

// load speaks with a browser that has just been started (Chrome DevTools
// Protocol; messages end with a zero).
func load(w io.Writer, r *bufio.Reader, url string) ([]byte, error) {
	id, session := 0, ""
	ask := func(method string, parameters any, answer any) error {
		id++
		message := map[string]any{"id": id, "method": method, "params": parameters}
		if session != "" {
			message["sessionId"] = session
		}
		b, err := json.Marshal(message)
		if err != nil {
			return err
		}
		if _, err := w.Write(append(b, 0)); err != nil {
			return fmt.Errorf("%s: %w", method, err)
		}
		for {
			b, err := r.ReadBytes(0)
			if err != nil {
				return fmt.Errorf("the answer to %s: %w", method, err)
			}
			var got struct {
				ID     int
				Result json.RawMessage
				Error  json.RawMessage
			}
			if err := json.Unmarshal(b[:len(b)-1], &got); err != nil {
				return err
			}
			if got.ID != id {
				continue // events, and others' answers
			}
			if got.Error != nil {
				return fmt.Errorf("%s: %s", method, got.Error)
			}
			return json.Unmarshal(got.Result, answer)
		}
	}
	var target struct{ TargetID string }
	if err := ask("Target.createTarget", map[string]any{"url": "about:blank"}, &target); err != nil {
		return nil, err
	}
	var attached struct{ SessionID string }
	if err := ask("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached); err != nil {
		return nil, err
	}
	session = attached.SessionID
	var navigated struct{ ErrorText string }
	if err := ask("Page.navigate", map[string]any{"url": url}, &navigated); err != nil || navigated.ErrorText != "" {
		return []byte(navigated.ErrorText), err
	}
	for {
		var evaluated struct{ Result struct{ Value string } }
		if err := ask("Runtime.evaluate", map[string]any{"expression": "document.title"}, &evaluated); err != nil {
			return nil, err
		}
		if evaluated.Result.Value != "" {
			return []byte(evaluated.Result.Value), nil
		}
	}
}
