package camera

import (
	"errors"
	"image"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
)

// jpegMost bounds what a JPEG may claim to be, in pixels.
const jpegMost = 4096 * 2304

var errJPEG = errors.New("the camera's JPEG is broken")

// jpegDecoder decodes a camera's JPEG to I420. Its zero value is ready to use.
type jpegDecoder struct {
	given     oneImage
	converter video.Reader
	release   func()
}

// oneImage is a reader of one picture.
type oneImage struct{ picture image.Image }

func (o *oneImage) Read() (image.Image, func(), error) { return o.picture, func() {}, nil }

// decode gives the picture, valid until the next call.
func (d *jpegDecoder) decode(data []byte) (*image.YCbCr, error) {
	if size := jpegSize(data); size == (image.Point{}) || size.X*size.Y > jpegMost {
		return nil, errJPEG
	}
	decoder, err := frame.NewDecoder(frame.FormatMJPEG) // knows the tables that cameras leave out
	if err != nil {
		return nil, err
	}
	picture, _, err := decoder.Decode(data, 0, 0)
	if err != nil {
		return nil, err
	}
	if d.converter == nil {
		d.converter = video.ToI420(&d.given)
	} else {
		d.release()
	}
	d.given.picture = picture
	converted, release, err := d.converter.Read()
	if err != nil {
		d.converter = nil
		return nil, err
	}
	d.release = release
	return converted.(*image.YCbCr), nil // ToI420 gives nothing else
}

// jpegSize reads the size from the picture's header; none when it cannot be found.
// Sources: ITU-T T.81, annex B.
func jpegSize(data []byte) image.Point {
	if len(data) < 4 || data[0] != 0xff || data[1] != 0xd8 {
		return image.Point{}
	}
	for at := 2; at+9 <= len(data); {
		if data[at] != 0xff {
			return image.Point{}
		}
		marker := data[at+1]
		switch {
		case marker == 0xff: // filling
			at++
			continue
		case marker >= 0xc0 && marker <= 0xc2:
			return image.Pt(int(data[at+7])<<8|int(data[at+8]), int(data[at+5])<<8|int(data[at+6]))
		case marker == 0xda || marker == 0xd9:
			return image.Point{}
		}
		at += 2 + (int(data[at+2])<<8 | int(data[at+3]))
	}
	return image.Point{}
}
