package camera

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"testing"
)

func TestPhoto(t *testing.T) {
	photo, err := Photo(t.Context(), Simulated, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(photo))
	if err != nil || c.Width != 1920 || c.Height != 1080 {
		t.Errorf("a photo of %d by %d, %v; want the simulated camera's largest", c.Width, c.Height, err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Photo(over, Simulated, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}
