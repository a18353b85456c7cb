package camera

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/video"
)

// Pictures is an open camera without an encoder: for finding out whether it sees.
type Pictures struct {
	reader video.Reader
	close  func() error
}

// OpenPictures opens the camera with that name, as Open does.
func OpenPictures(name string, m *Machine) (*Pictures, error) {
	device, err := adapter(name, m)
	if err != nil {
		return nil, fmt.Errorf("opening camera %s: %w", name, err)
	}
	p, err := startPictures(device, Format{Width: 640, Height: 480, FrameRate: 30})
	if err != nil {
		return nil, fmt.Errorf("opening camera %s: %w", name, explain(err))
	}
	return p, nil
}

func startPictures(device driver.Adapter, want Format) (_ *Pictures, err error) {
	recorder, ok := device.(driver.VideoRecorder)
	if !ok {
		return nil, errors.New("its driver gives no pictures")
	}
	if err := device.Open(); err != nil {
		return nil, err
	}
	p := &Pictures{close: sync.OnceValue(device.Close)}
	defer func() {
		if err != nil {
			_ = p.close() // the first error says more
		}
	}()
	format, err := choose(device.Properties(), want, false)
	if err != nil {
		return nil, err
	}
	reader, err := recorder.VideoRecord(format)
	if err != nil {
		return nil, err
	}
	p.reader = video.ToI420(reader)
	return p, nil
}

// Picture waits for the next picture, valid until the next call, until ctx ends, which closes the camera.
func (p *Pictures) Picture(ctx context.Context) (*image.YCbCr, error) {
	stop := context.AfterFunc(ctx, func() { _ = p.Close() }) // told by the Close that follows
	defer stop()
	picture, release, err := p.reader.Read()
	defer release()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("reading the camera: %w", explain(err))
	}
	return picture.(*image.YCbCr), nil // ToI420 gives nothing else
}

// Close closes the camera.
func (p *Pictures) Close() error {
	if err := p.close(); err != nil {
		return fmt.Errorf("closing the camera: %w", err)
	}
	return nil
}
