// Package devicecheck tries the booth's camera, microphone and loudspeaker before
// a citizen has to: is the camera's picture more than black, is the microphone
// more than silent, and does the microphone hear what the loudspeaker plays.
//
// It opens the devices that it is given, one after the other, for some seconds,
// plays a short rising tone, and closes them. It keeps no picture and no sound:
// what leaves it is a word for each device. It starts no goroutine.
//
// Sources: A. Farina, Simultaneous measurement of impulse response and
// distortion with a swept-sine technique (AES 108, 2000), for the tone.
package devicecheck

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"time"
)

// Result is what was found of a device.
type Result string

const (
	OK      Result = "ok"
	Missing Result = "missing" // it cannot be opened: it is not there
	Broken  Result = "broken"  // it is there, and does not work
	// Of a camera.
	NoPicture Result = "no_picture" // it opens and gives nothing
	Dark      Result = "dark"       // black: a cover, or a dark room
	Frozen    Result = "frozen"     // the same picture again and again
	// Of a microphone.
	Silent Result = "silent" // not even noise: switched off or unplugged behind the sound card
	// Of a loudspeaker.
	NotHeard Result = "not_heard" // the microphone does not hear it
	// Unchecked: what it takes to check it does not work, or is simulated.
	Unchecked Result = "unchecked"
)

// Camera is an open camera, without an encoder.
type Camera interface {
	// Picture waits for the next picture, which is valid until the next call.
	Picture(context.Context) (*image.YCbCr, error)
	Close() error
}

// Sound is an open sound card, or two, without encoder and jitter buffer.
type Sound interface {
	// Exchange plays samples and gives as many that the microphone heard at about the same time: 48 kHz, mono, 20 ms.
	Exchange(ctx context.Context, play, heard []int16) error
	Close() error
}

// Devices opens the booth's devices.
type Devices interface {
	OpenCamera() (Camera, error)
	OpenSound() (Sound, error)
}

// Findings are the results of one check.
type Findings struct{ Camera, Microphone, Speaker Result }

const (
	// cameraTime is how long the camera may take to its last picture: some need a second to find their exposure.
	cameraTime = 6 * time.Second
	// warmUp pictures are not looked at.
	warmUp   = 15
	pictures = 10
	// A picture whose brightest hundredth is below this (16 is black in ITU-R BT.601) shows nothing.
	blackBelow = 32

	rate    = 48_000
	frame   = rate / 50
	listens = rate // before the tone: is the microphone alive
	// silentBelow: a microphone that is connected has more noise than the last bit.
	silentBelow = 2
)

// Check tries the devices until ctx ends. The error says why a device that is there does not work.
func Check(ctx context.Context, d Devices) (Findings, error) {
	var f Findings
	var cameraErr, soundErr error
	f.Camera, cameraErr = checkCamera(ctx, d)
	if ctx.Err() != nil {
		return f, ctx.Err()
	}
	f.Microphone, f.Speaker, soundErr = checkSound(ctx, d)
	return f, errors.Join(cameraErr, soundErr, ctx.Err())
}

// unopened is the result for a device that could not be opened.
func unopened(err error) Result {
	if errors.Is(err, fs.ErrNotExist) {
		return Missing
	}
	return Broken
}

func checkCamera(ctx context.Context, d Devices) (_ Result, err error) {
	c, err := d.OpenCamera()
	if err != nil {
		return unopened(err), fmt.Errorf("checking the camera: %w", err)
	}
	defer func() {
		if closing := c.Close(); closing != nil {
			err = errors.Join(err, fmt.Errorf("checking the camera: %w", closing))
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, cameraTime)
	defer cancel()
	var l look
	for range warmUp + pictures {
		p, err := c.Picture(ctx)
		if err != nil {
			return NoPicture, fmt.Errorf("checking the camera: %w", err)
		}
		l.take(p)
	}
	return l.result(), nil
}

// look is what has been seen of a camera's pictures.
type look struct {
	taken   int
	last    uint64 // sum of the last picture
	changed bool
	bright  int // of the brightest hundredth of the brightest picture
}

func (l *look) take(p *image.YCbCr) {
	var histogram [256]int
	sum := uint64(14695981039346656037) // FNV-1a, over the samples that are looked at
	count := 0
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y += 2 {
		row := p.Y[p.YOffset(p.Rect.Min.X, y):][:p.Rect.Dx()]
		for x := 0; x < len(row); x += 2 {
			histogram[row[x]]++
			sum = (sum ^ uint64(row[x])) * 1099511628211
			count++
		}
	}
	if l.taken > 0 && sum != l.last {
		l.changed = true
	}
	l.last = sum
	if l.taken++; l.taken <= warmUp {
		return
	}
	above := count / 100
	for v := 255; v >= 0; v-- {
		if above -= histogram[v]; above < 0 {
			l.bright = max(l.bright, v)
			break
		}
	}
}

func (l *look) result() Result {
	switch {
	case l.bright < blackBelow:
		return Dark
	case !l.changed: // a real sensor's noise is never the same twice
		return Frozen
	}
	return OK
}

func checkSound(ctx context.Context, d Devices) (microphone, speaker Result, err error) {
	s, err := d.OpenSound()
	if err != nil {
		return unopened(err), Unchecked, fmt.Errorf("checking microphone and loudspeaker: %w", err)
	}
	defer func() {
		if closing := s.Close(); closing != nil {
			err = errors.Join(err, fmt.Errorf("checking microphone and loudspeaker: %w", closing))
		}
	}()
	tone := newTone()
	played := make([]int16, listens+len(tone)+tail)
	copy(played[listens:], tone)
	heard := make([]int16, len(played))
	for at := 0; at < len(played); at += frame {
		if err := s.Exchange(ctx, played[at:at+frame], heard[at:at+frame]); err != nil {
			return Broken, Unchecked, fmt.Errorf("checking microphone and loudspeaker: %w", err)
		}
	}
	if loudest(heard) < silentBelow {
		return Silent, Unchecked, nil
	}
	if !contains(heard[listens:], tone) {
		return OK, NotHeard, nil
	}
	return OK, OK, nil
}

func loudest(samples []int16) int {
	most := 0
	for _, v := range samples {
		most = max(most, max(int(v), -int(v)))
	}
	return most
}
