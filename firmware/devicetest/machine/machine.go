// Package machine is what both sides of the test machine must agree on: the
// drivers that it loads, the tests that it gets, and how it says what came of
// them. It opens and writes nothing.
package machine

// Driver is a kernel module with its parameters.
type Driver struct{ Module, Parameters string }

// Drivers are loaded in this order, each after what it needs.
var Drivers = []Driver{
	{"configfs", ""},
	{"uinput", ""},
	{"evdev", ""},
	{"i2c-dev", ""},
	// SMBus registers behind a few addresses; i2cset and our tests fill them.
	{"i2c-stub", "chip_addr=0x29,0x48,0x51"},
	{"irq-sim", ""},
	{"gpio-sim", ""},
	{"snd-aloop", "id=Loopback pcm_substreams=2"},
	// Two webcams, one with single-planar and one with multi-planar buffers; only their capture nodes, and one input,
	// which is a webcam's: sizes and frame rates are discrete.
	{"vivid", "n_devs=2 multiplanar=1,2 node_types=0x1,0x1 num_inputs=1,1 input_types=0,0"},
	// Multi-planar, as the Raspberry Pi's encoder is.
	{"vicodec", "multiplanar=1"},
	{"vim2m", ""},
	{"dummy_hcd", "num=2"},
	{"libcomposite", ""},
	{"usb_f_uvc", ""},
	{"usb_f_uac2", ""},
	{"uvcvideo", ""},
	{"snd-usb-audio", ""},
}

// Test is a test binary, the folder in the machine in which it runs, and what its environment has more than any other's.
type Test struct {
	Package, Folder        string
	Arguments, Environment []string
}

// Binary is the name of the test binary in its folder.
const Binary = "binary.test"

// Manifest is the file in the machine with its tests: JSON, []Test.
const Manifest = "/tests/manifest.json"

// VerdictPort is the I/O port of QEMU's isa-debug-exit: writing n there ends it
// with the state 2n+1.
const VerdictPort = 0x501

// What the machine writes to it, when all tests have run.
const (
	Passed byte = 0x10
	Failed byte = 0x11
)
