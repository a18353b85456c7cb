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
type Found struct {
	Path, Name string
	Takes      []v4l2.PixelFormat // the raw formats
}

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
		takes := encodes(d, coded)
		name := d.Name()
		if err := d.Close(); err != nil {
			errs = append(errs, err)
		}
		if len(takes) > 0 {
			return Found{path, name, takes}, nil
		}
	}
	return Found{}, errors.Join(errs...)
}

// encodes gives the raw formats that a device makes that coded one of; none when it does not.
func encodes(d *v4l2.Device, coded v4l2.PixelFormat) []v4l2.PixelFormat {
	if d.Kind() != v4l2.Codec {
		return nil
	}
	made, err := d.Formats(v4l2.Capture)
	if err != nil || !slices.Contains(made, coded) {
		return nil
	}
	taken, err := d.Formats(v4l2.Output)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(taken, func(p v4l2.PixelFormat) bool { return !v4l2.Raw(p) })
}
