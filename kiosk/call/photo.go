package call

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pion/webrtc/v4"
)

const (
	// photoLabel is the channel that the booth makes for photos. A text message tells the size of one, and binary
	// messages of pieceBytes, which every browser takes, are the JPEG.
	photoLabel  = "photo"
	pieceBytes  = 16 << 10
	queuedBytes = 256 << 10 // more is not queued
	// photoLimit is the longest that taking one may take.
	photoLimit = 10 * time.Second
)

// TakePhoto takes a sharp picture and sends it to the adviser's page: the citizen agrees. The camera is closed and opened
// anew for it, also one that the citizen has switched off. PhotoTaken follows.
func (p *Peer) TakePhoto() {
	p.change(func() {
		if p.options.Photo != nil && !p.photo {
			p.photo = true
			p.dismissCamera()
		}
	})
}

// RefusePhoto tells the adviser's page that the citizen does not agree.
func (p *Peer) RefusePhoto() { p.tell(controlMessage{Kind: "photo_refused"}) }

// photograph takes the photo that is wanted. It is called where the camera is opened and closed.
func (p *Peer) photograph(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, photoLimit)
	defer cancel()
	photo, err := p.options.Photo(limited)
	p.change(func() { p.photo = false })
	if ctx.Err() != nil {
		return
	}
	p.emit(PhotoTaken{})
	if err != nil {
		p.log.Warn("taking a photo", "error", err)
		p.tell(controlMessage{Kind: "photo_failed"})
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ending {
		return
	}
	// It may take longer than a picture should be missing.
	p.callbacks.Go(func() {
		if err := p.sendPhoto(ctx, photo); err != nil && ctx.Err() == nil {
			p.log.Warn("sending a photo", "error", err)
			p.tell(controlMessage{Kind: "photo_failed"})
		}
	})
}

// sendPhoto sends a photo in pieces, no faster than they leave.
func (p *Peer) sendPhoto(ctx context.Context, photo []byte) error {
	p.sendingPhoto.Lock()
	defer p.sendingPhoto.Unlock()
	c, err := p.photoChannel(ctx)
	if err != nil {
		return err
	}
	head, err := json.Marshal(struct {
		Bytes int `json:"bytes"`
	}{len(photo)})
	if err == nil {
		err = c.SendText(string(head))
	}
	if err != nil {
		return fmt.Errorf("telling a photo's size: %w", err)
	}
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for len(photo) > 0 {
		if c.BufferedAmount() > queuedBytes {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-poll.C:
			}
			continue
		}
		n := min(pieceBytes, len(photo))
		if err := c.Send(photo[:n]); err != nil {
			return fmt.Errorf("sending a piece of a photo: %w", err)
		}
		photo = photo[n:]
	}
	return nil
}

// photoChannel is the open channel for photos, made with the first one. The caller holds sendingPhoto.
func (p *Peer) photoChannel(ctx context.Context) (*webrtc.DataChannel, error) {
	if p.photos == nil {
		c, err := p.pc.CreateDataChannel(photoLabel, nil)
		if err != nil {
			return nil, fmt.Errorf("making the channel for photos: %w", err)
		}
		p.photos, p.photosOpen = c, make(chan struct{})
		open := p.photosOpen
		c.OnOpen(func() { close(open) })
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.photosOpen:
	}
	if p.photos.ReadyState() != webrtc.DataChannelStateOpen {
		return nil, errors.New("opening the channel for photos: the adviser's page has closed it")
	}
	return p.photos, nil
}
