package camera

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"

	"github.com/pion/mediadevices/pkg/driver"
)

const (
	// settling is how many pictures a camera takes until its exposure fits the light.
	settling = 10
	// photoQuality keeps small print readable.
	photoQuality = 92
)

// Photo opens the camera with that name at its largest size, takes one picture
// as JPEG once its exposure has settled, and closes it. It must not be open
// otherwise. The picture is nowhere but in what it returns.
func Photo(ctx context.Context, name string, m *Machine) ([]byte, error) {
	device, err := adapter(name, m)
	if err != nil {
		return nil, fmt.Errorf("opening camera %s: %w", name, err)
	}
	photo, err := photograph(ctx, device)
	if err != nil {
		return nil, fmt.Errorf("taking a photo with camera %s: %w", name, explain(err))
	}
	return photo, nil
}

func photograph(ctx context.Context, device driver.Adapter) (_ []byte, err error) {
	// A slow rate will do, if there are large pictures at no other.
	p, err := startPictures(device, Format{Width: 3840, Height: 2160, FrameRate: 15})
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := p.Close(); err == nil {
			err = closing
		}
	}()
	for range settling {
		if _, err := p.Picture(ctx); err != nil {
			return nil, err
		}
	}
	picture, err := p.Picture(ctx)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: photoQuality}); err != nil {
		return nil, fmt.Errorf("compressing the photo: %w", err)
	}
	return b.Bytes(), nil
}
