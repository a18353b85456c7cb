package m2m

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"loiret.fr/visioborne/kiosk/media/v4l2"
)

// Found is an encoder that the kernel offers.
type Found struct{ Path, Name string }

// Find gives the first encoder of a format, and nothing when there is none. It
// looks at /dev/video* and opens all but the cameras on USB, which might light up.
func Find(coded v4l2.PixelFormat) (Found, error) {
	paths, err := filepath.Glob("/dev/video*")
	if err != nil {
		return Found{}, err
	}
	sort.Slice(paths, func(i, j int) bool {
		return len(paths[i]) < len(paths[j]) || len(paths[i]) == len(paths[j]) && paths[i] < paths[j]
	})
	var errs []error
	for _, path := range paths {
		if where, err := filepath.EvalSymlinks("/sys/class/video4linux/" + filepath.Base(path) + "/device"); err == nil && strings.Contains(where, "/usb") {
			continue
		}
		d, err := v4l2.Open(path)
		if err != nil {
			if !errors.Is(err, os.ErrNotExist) {
				errs = append(errs, err)
			}
			continue
		}
		is := encodes(d, coded)
		name := d.Name()
		if err := d.Close(); err != nil {
			errs = append(errs, err)
		}
		if is {
			return Found{path, name}, nil
		}
	}
	return Found{}, errors.Join(errs...)
}

// encodes tells whether a device makes that format of a raw one.
func encodes(d *v4l2.Device, coded v4l2.PixelFormat) bool {
	if d.Kind() != v4l2.Codec {
		return false
	}
	made, err := d.Formats(v4l2.Capture)
	if err != nil || !slices.Contains(made, coded) {
		return false
	}
	taken, err := d.Formats(v4l2.Output)
	return err == nil && slices.ContainsFunc(taken, v4l2.Raw)
}
