package camera

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/kiosk/media/m2m"
	"loiret.fr/visioborne/kiosk/media/v4l2"
)

// Encoder is the encoder that a call uses, and why that one: a code, which the hotline's page puts into words.
type Encoder struct{ Name, Reason string }

// The codes.
const (
	// Hardware: the machine's own encoder is used.
	Hardware = "hardware"
	// CameraH264: the camera encodes.
	CameraH264 = "camera_h264"
	// NoHardware: the kernel offers no encoder in hardware.
	NoHardware = "no_hardware_encoder"
	// FarEndVP8: the far end of the call has no H.264.
	FarEndVP8 = "far_end_vp8"
	// HardwareRefused: there is one, and it could not be started.
	HardwareRefused = "hardware_refused"
	// HardwareFailed: there is one, and it failed during a call; it is not used again until the service restarts.
	HardwareFailed = "hardware_failed"
)

// software is what every machine has.
const software = "OpenH264"

// Machine is what is known of the machine between calls: its encoder, and which
// camera was used last. Its methods may be called from any goroutine.
type Machine struct {
	hardware m2m.Found

	mu     sync.Mutex
	now    Encoder
	why    string // why not the hardware
	broken bool
	last   identity
}

// identity tells a camera from another, wherever its driver puts it.
type identity struct{ name, bus string }

// NewMachine looks for an encoder. The error says why what was found cannot be asked; the machine can be used all the same.
func NewMachine() (*Machine, error) {
	found, err := m2m.Find(v4l2.H264)
	return newMachine(found), err
}

func newMachine(found m2m.Found) *Machine {
	m := &Machine{hardware: found, now: Encoder{software, NoHardware}, why: NoHardware}
	if found.Path != "" {
		m.now = Encoder{found.Name, Hardware}
	}
	return m
}

// Encoder is the one in use, or that would be.
func (m *Machine) Encoder() Encoder {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

func (m *Machine) use(e Encoder) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now = e; e.Name == software {
		m.now.Reason = m.why
	}
}

// encoder gives the hardware, if there is one that works.
func (m *Machine) encoder() (m2m.Found, bool) {
	if m == nil {
		return m2m.Found{}, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.hardware, m.hardware.Path != "" && !m.broken
}

// failed notes that the hardware cannot be used. What is only busy may be used in the next call.
func (m *Machine) failed(err error, running bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.why = HardwareRefused
	if running {
		m.why = HardwareFailed
	}
	m.now = Encoder{software, m.why}
	m.broken = !errors.Is(err, unix.EBUSY)
}

// nodes lists the video devices by their numbers.
func nodes() []string {
	paths, _ := filepath.Glob("/dev/video*") // the pattern is well formed
	number := func(path string) int {
		n, err := strconv.Atoi(strings.TrimPrefix(path, "/dev/video"))
		if err != nil {
			return 1 << 30
		}
		return n
	}
	slices.SortFunc(paths, func(a, b string) int { return number(a) - number(b) })
	return paths
}

// mayBeCamera tells by the kernel's description alone, without opening it.
func mayBeCamera(path string) bool {
	folder := filepath.Join("/sys/class/video4linux", filepath.Base(path))
	name, err := os.ReadFile(filepath.Join(folder, "name"))
	if err != nil {
		return true // not described
	}
	for _, other := range []string{"codec", "isp", "hevc", "m2m"} {
		if strings.Contains(string(name), other) {
			return false
		}
	}
	index, err := os.ReadFile(filepath.Join(folder, "index"))
	return err != nil || strings.TrimSpace(string(index)) == "0" // the others have a camera's metadata
}

// Present tells whether a camera is there: the one at a path, or any for Any. It opens none.
func Present(name string) bool {
	switch name {
	case Simulated:
		return true
	case Any:
		return slices.ContainsFunc(nodes(), mayBeCamera)
	}
	_, err := os.Stat(name)
	return !errors.Is(err, os.ErrNotExist)
}

// openAny opens the machine's camera: the one used last, wherever it is now, or the first on USB, or the first.
func (m *Machine) openAny(paths []string, open func(string) (*v4l2.Device, error)) (*v4l2.Device, error) {
	var last identity
	if m != nil {
		m.mu.Lock()
		last = m.last
		m.mu.Unlock()
	}
	rank := func(d *v4l2.Device) int {
		switch {
		case d.Name() == last.name && d.Bus() == last.bus:
			return 3
		case d.Name() == last.name: // in another socket
			return 2
		case strings.HasPrefix(d.Bus(), "usb-"):
			return 1
		}
		return 0
	}
	var best *v4l2.Device
	var errs []error
	for _, path := range paths {
		d, err := open(path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if d.Kind() != v4l2.Camera || best != nil && rank(d) <= rank(best) {
			errs = append(errs, d.Close())
			continue
		}
		if best != nil {
			errs = append(errs, best.Close())
		}
		best = d
	}
	if best == nil {
		return nil, fmt.Errorf("looking for a camera: %w", errors.Join(append(errs, unix.ENODEV)...))
	}
	if m != nil {
		m.mu.Lock()
		m.last = identity{best.Name(), best.Bus()}
		m.mu.Unlock()
	}
	return best, nil
}
