package screen

import (
	"errors"
	"fmt"
	"io"
	"log"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/dpms"
	"github.com/jezek/xgb/xproto"
)

const display = ":0"

// xserver is a connection to X.Org, for the size of the screen and the panel's power.
type xserver struct {
	conn *xgb.Conn
	dpms bool // the screen's driver can switch the panel
}

func dialX() (*xserver, error) {
	xgb.Logger = log.New(io.Discard, "", 0) // it tells every attempt at a server that is not there yet
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, err
	}
	x := &xserver{conn: conn}
	if err := dpms.Init(conn); err == nil {
		capable, err := dpms.Capable(conn).Reply()
		x.dpms = err == nil && capable.Capable
	}
	return x, nil
}

// size is that of the screen, in pixels.
func (x *xserver) size() (width, height int) {
	s := xproto.Setup(x.conn).DefaultScreen(x.conn)
	return int(s.WidthInPixels), int(s.HeightInPixels)
}

// fill gives every window that appears the whole screen, and the keyboard's
// focus: what is left of a window manager when there is one window. Chromium
// makes its window a pixel too small, lest a window manager took it for a film.
// It returns when the connection ends.
func (x *xserver) fill() error {
	root := xproto.Setup(x.conn).DefaultScreen(x.conn).Root
	err := xproto.ChangeWindowAttributesChecked(x.conn, root, xproto.CwEventMask, []uint32{xproto.EventMaskSubstructureNotify}).Check()
	if err != nil {
		return fmt.Errorf("watching for windows: %w", err)
	}
	width, height := x.size()
	fit := func(w xproto.Window) {
		const where = xproto.ConfigWindowX | xproto.ConfigWindowY | xproto.ConfigWindowWidth | xproto.ConfigWindowHeight
		xproto.ConfigureWindow(x.conn, w, where, []uint32{0, 0, uint32(width), uint32(height)})
		xproto.SetInputFocus(x.conn, xproto.InputFocusPointerRoot, w, xproto.TimeCurrentTime)
	}
	for {
		event, err := x.conn.WaitForEvent()
		switch {
		case event == nil && err == nil:
			return errors.New("the connection to X.Org has ended")
		case err != nil:
			continue // a window that has gone in the meantime
		}
		switch e := event.(type) {
		case xproto.MapNotifyEvent:
			if !e.OverrideRedirect && e.Event == root {
				fit(e.Window)
			}
		case xproto.ConfigureNotifyEvent:
			// Bigger than a hint, and not yet all of the screen.
			big := int(e.Width) > width/2 && int(e.Height) > height/2
			if !e.OverrideRedirect && big && (int(e.Width) != width || int(e.Height) != height || e.X != 0 || e.Y != 0) {
				fit(e.Window)
			}
		}
	}
}

// power switches the panel on or off (VESA DPMS).
func (x *xserver) power(on bool) error {
	if !x.dpms {
		return nil // a framebuffer without power management: the page is dark by itself
	}
	if err := dpms.EnableChecked(x.conn).Check(); err != nil {
		return fmt.Errorf("enabling power management: %w", err)
	}
	level := uint16(dpms.DPMSModeOn)
	if !on {
		level = dpms.DPMSModeOff
	}
	return dpms.ForceLevelChecked(x.conn, level).Check()
}
