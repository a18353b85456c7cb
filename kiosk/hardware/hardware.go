// Package hardware tells what the kernel has found of the machine: cameras,
// sound cards, panel, touchscreens, encoder, watchdog, network. It reads /sys,
// /proc and /dev and opens no device, so that no camera lights up.
//
// Sources: Linux' Documentation/ABI (sysfs), Documentation/userspace-api/media/v4l.
package hardware

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// Part is one thing that was looked for.
type Part struct {
	// Name is what it is: "camera", "microphone", ...
	Name string
	// Found describes each one; none is there when it is empty.
	Found []string
	// Needed: the booth cannot serve without it.
	Needed bool
}

// Find looks at the machine whose root folder is given: os.DirFS("/").
func Find(root fs.FS) []Part {
	return []Part{
		{"machine", one(text(root, "proc/device-tree/model"), text(root, "sys/class/dmi/id/product_name")), false},
		{"kernel", one(text(root, "proc/sys/kernel/osrelease")), false},
		{"camera", cameras(root, capture), true},
		{"hardware encoder", cameras(root, encoder), false},
		{"microphone", sound(root, "c"), true},
		{"speaker", sound(root, "p"), true},
		{"panel", panels(root), true},
		{"backlight", each(root, "sys/class/backlight", "type"), false},
		{"touchscreen or pointer", inputs(root), true},
		{"wired network", networks(root), true},
		{"watchdog", each(root, "sys/class/watchdog", "identity"), false},
		{"I2C bus", each(root, "sys/class/i2c-dev", "name"), false},
		{"GPIO chip", each(root, "sys/bus/gpio/devices", "uevent"), false},
	}
}

// Print writes the parts for a technician, and the encoder that a call will use with the code of why
// that one; the result is whether all that is needed is there.
func Print(w io.Writer, parts []Part, encoder, reason string) (bool, error) {
	all := true
	for _, p := range parts {
		found, mark := strings.Join(p.Found, ", "), "ok     "
		switch {
		case found != "":
		case p.Needed:
			found, mark, all = "not found", "MISSING", false
		default:
			found, mark = "not found", "-      "
		}
		if _, err := fmt.Fprintf(w, "%s %-22s %s\n", mark, p.Name, found); err != nil {
			return false, err
		}
	}
	_, err := fmt.Fprintf(w, "encoder: %s (%s)\n", encoder, explain(reason))
	return all, err
}

// explain puts the code of an encoder's choice into words.
func explain(reason string) string {
	switch reason {
	case "hardware":
		return "the machine's own; used as long as it works"
	case "no_hardware_encoder":
		return "the kernel offers no hardware encoder; bcm2835-codec is in the rebuilt kernel, see make kernel"
	}
	return reason
}

func text(root fs.FS, name string) string {
	b, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(strings.Trim(string(b), "\x00"))
}

func one(texts ...string) []string {
	for _, t := range texts {
		if t != "" {
			return []string{t}
		}
	}
	return nil
}

func names(root fs.FS, dir string) []string {
	entries, err := fs.ReadDir(root, dir)
	if err != nil {
		return nil
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func each(root fs.FS, dir, file string) []string {
	var all []string
	for _, n := range names(root, dir) {
		what := text(root, path.Join(dir, n, file))
		if what == "" || strings.Contains(what, "\n") || strings.Contains(what, "=") {
			what = n
		}
		all = append(all, what)
	}
	return all
}

// kinds of video devices, by the name that their driver gives.
const (
	capture = iota
	encoder
)

func cameras(root fs.FS, kind int) []string {
	var all []string
	for _, n := range names(root, "sys/class/video4linux") {
		if !strings.HasPrefix(n, "video") {
			continue
		}
		what := text(root, path.Join("sys/class/video4linux", n, "name"))
		codec := strings.Contains(what, "codec") || strings.Contains(what, "isp") || strings.Contains(what, "hevc")
		is := capture
		if codec {
			is = -1
			if strings.Contains(what, "encode") && !strings.Contains(what, "image") {
				is = encoder
			}
		} else if index := text(root, path.Join("sys/class/video4linux", n, "index")); index != "" && index != "0" {
			continue // a camera's second device, with its metadata
		}
		if is == kind {
			all = append(all, what+" (/dev/"+n+")")
		}
	}
	return all
}

func sound(root fs.FS, direction string) []string {
	var all []string
	for _, n := range names(root, "sys/class/sound") {
		if !strings.HasPrefix(n, "pcm") || !strings.HasSuffix(n, direction) {
			continue
		}
		card, _, _ := strings.Cut(strings.TrimPrefix(n, "pcmC"), "D")
		all = append(all, text(root, "sys/class/sound/card"+card+"/id")+" (/dev/snd/"+n+")")
	}
	return all
}

func panels(root fs.FS) []string {
	var all []string
	for _, n := range names(root, "sys/class/drm") {
		if text(root, path.Join("sys/class/drm", n, "status")) == "connected" {
			all = append(all, n)
		}
	}
	for _, n := range names(root, "sys/class/graphics") {
		if size := text(root, path.Join("sys/class/graphics", n, "virtual_size")); size != "" {
			all = append(all, text(root, path.Join("sys/class/graphics", n, "name"))+" "+strings.Replace(size, ",", "x", 1))
		}
	}
	return all
}

func inputs(root fs.FS) []string {
	var all []string
	for _, n := range names(root, "sys/class/input") {
		if !strings.HasPrefix(n, "event") {
			continue
		}
		at := path.Join("sys/class/input", n, "device")
		if text(root, at+"/capabilities/abs") == "0" && text(root, at+"/capabilities/rel") == "0" {
			continue // keys only
		}
		if what := text(root, at+"/name"); what != "" && !slices.Contains(all, what) {
			all = append(all, what)
		}
	}
	return all
}

func networks(root fs.FS) []string {
	var all []string
	for _, n := range names(root, "sys/class/net") {
		if n == "lo" || text(root, path.Join("sys/class/net", n, "type")) != "1" {
			continue
		}
		if _, err := fs.Stat(root, path.Join("sys/class/net", n, "device")); err != nil {
			continue // not hardware
		}
		if _, err := fs.Stat(root, path.Join("sys/class/net", n, "wireless")); err == nil {
			continue
		}
		state := "no cable"
		if text(root, path.Join("sys/class/net", n, "carrier")) == "1" {
			state = "cable"
		}
		all = append(all, n+" ("+state+")")
	}
	return all
}

// Machine is the running machine's root folder.
func Machine() fs.FS { return os.DirFS("/") }
