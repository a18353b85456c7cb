// Package gadget makes the USB devices that are plugged into the test machine:
// a camera and a sound card, out of the kernel's gadget framework, behind the
// controllers that dummy_hcd simulates. The kernel's own uvcvideo and
// snd-usb-audio then bind to them as to any other.
//
// The camera's other half is here too (Camera): the kernel leaves it to a
// program to agree on a format and to give the pictures. The sound card needs
// none: what the booth plays comes out of the ALSA card UAC2Gadget, and what is
// played there the booth records.
//
// A test unplugs a device by writing a newline to its UDC file (CameraPlug,
// SoundCardPlug), and plugs it in again by writing the controller's name there.
//
// It writes below /sys/kernel/config and opens /dev/video*. It never looks at
// what the host makes of the devices. Camera.Run owns its goroutine, the
// caller's.
//
// Sources: Linux' Documentation/ABI/testing/configfs-usb-gadget*, the UVC 1.1
// specification, include/uapi/linux/usb/g_uvc.h, videodev2.h, and the uvc-gadget
// program of ideasonboard for the order of things.
package gadget

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const folder = "/sys/kernel/config/usb_gadget"

// Where a device is plugged in and out, and to what.
const (
	CameraPlug          = folder + "/camera/UDC"
	CameraController    = "dummy_udc.0"
	SoundCardPlug       = folder + "/soundcard/UDC"
	SoundCardController = "dummy_udc.1"
)

// What the devices call themselves.
const (
	CameraName    = "Test camera"
	SoundCardName = "Test headset"
)

// step is one write to configfs, or a folder (no text) or a link made there.
type step struct{ path, text, link string }

// MakeCamera makes the camera and plugs it in. It appears to the host when a
// Camera runs.
func MakeCamera() error {
	function := []step{
		{path: "functions/uvc.0"},
		{path: "functions/uvc.0/streaming_maxpacket", text: fmt.Sprint(payloadBytes)},
		{path: "functions/uvc.0/streaming_interval", text: "1"},
		{path: "functions/uvc.0/function_name", text: CameraName},
		{path: "functions/uvc.0/control/header/h"},
		{path: "functions/uvc.0/control/class/fs/h", link: "functions/uvc.0/control/header/h"},
		{path: "functions/uvc.0/control/class/ss/h", link: "functions/uvc.0/control/header/h"},
		{path: "functions/uvc.0/streaming/header/h"},
	}
	for _, f := range formats {
		at := "functions/uvc.0/streaming/" + f.kind + "/f"
		function = append(function, step{path: at})
		for _, s := range f.sizes {
			var intervals []string
			for _, rate := range s.rates {
				intervals = append(intervals, fmt.Sprint(interval(rate)))
			}
			name := fmt.Sprintf("%s/%dx%d", at, s.width, s.height)
			function = append(
				function,
				step{path: name},
				step{path: name + "/wWidth", text: fmt.Sprint(s.width)},
				step{path: name + "/wHeight", text: fmt.Sprint(s.height)},
				step{path: name + "/dwMaxVideoFrameBufferSize", text: fmt.Sprint(s.bytes())},
				step{path: name + "/dwDefaultFrameInterval", text: intervals[0]},
				step{path: name + "/dwFrameInterval", text: strings.Join(intervals, "\n")},
			)
		}
		function = append(function, step{path: "functions/uvc.0/streaming/header/h/" + f.kind, link: at})
	}
	for _, speed := range []string{"fs", "hs", "ss"} {
		function = append(function, step{path: "functions/uvc.0/streaming/class/" + speed + "/h", link: "functions/uvc.0/streaming/header/h"})
	}
	return build("camera", CameraName, "0x0102", CameraController, "uvc.0", function)
}

// MakeSoundCard makes the sound card and plugs it in: stereo to play, mono to
// record, 48 kHz, 16 bits.
func MakeSoundCard() error {
	return build("soundcard", SoundCardName, "0x0101", SoundCardController, "uac2.0", []step{
		{path: "functions/uac2.0"},
		{path: "functions/uac2.0/c_chmask", text: "3"},
		{path: "functions/uac2.0/c_srate", text: "48000"},
		{path: "functions/uac2.0/c_ssize", text: "2"},
		{path: "functions/uac2.0/p_chmask", text: "1"},
		{path: "functions/uac2.0/p_srate", text: "48000"},
		{path: "functions/uac2.0/p_ssize", text: "2"},
	})
}

// build makes a device with one function.
func build(name, product, idProduct, controller, function string, steps []step) error {
	all := []step{
		{path: "idVendor", text: "0x1d6b"}, // the Linux Foundation's, for gadgets
		{path: "idProduct", text: idProduct},
		{path: "strings/0x409"},
		{path: "strings/0x409/manufacturer", text: "Visioborne"},
		{path: "strings/0x409/product", text: product},
		{path: "strings/0x409/serialnumber", text: "1"},
		{path: "configs/c.1"},
	}
	all = append(all, steps...)
	all = append(all, step{path: "configs/c.1/" + function, link: "functions/" + function}, step{path: "UDC", text: controller})
	device := filepath.Join(folder, name)
	if err := os.Mkdir(device, 0o755); err != nil {
		return fmt.Errorf("making the %s: %w", name, err)
	}
	for _, s := range all {
		var err error
		at := filepath.Join(device, s.path)
		switch {
		case s.link != "":
			err = os.Symlink(filepath.Join(device, s.link), at)
		case s.text != "":
			err = os.WriteFile(at, []byte(s.text), 0)
		default:
			err = os.Mkdir(at, 0o755)
		}
		if err != nil {
			return fmt.Errorf("making the %s: %w", name, err)
		}
	}
	return nil
}
