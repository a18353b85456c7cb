package wire

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// SpeedPath is where the hub measures how fast a booth's network is, over HTTP:
// GET SpeedPath?bytes=N gives N bytes that cannot be compressed, POST takes
// bytes and answers SpeedTaken. Both want the token of a NetworkTestReply, as
// Authorization: Bearer TOKEN.
const SpeedPath = "/speed"

// SpeedMaxBytes is the most that one such request may carry.
const SpeedMaxBytes = 8 << 20

// NetworkTest asks for what a technician's test of the network needs.
type NetworkTest struct{}

// NetworkTestReply answers NetworkTest.
type NetworkTestReply struct {
	// Time is the hub's clock.
	Time time.Time `json:"time"`
	// SpeedPath and SpeedToken are for measuring, until Expires.
	SpeedPath  string    `json:"speed_path"`
	SpeedToken string    `json:"speed_token"`
	Expires    time.Time `json:"expires"`
	// ICEServers are to be tried one by one; their credentials are for this test.
	ICEServers []ICEServer `json:"ice_servers"`
}

// SpeedTaken is the hub's answer to POST SpeedPath.
type SpeedTaken struct {
	Bytes        int64 `json:"bytes"`
	Milliseconds int64 `json:"milliseconds"`
}

func (NetworkTest) Validate() error { return nil }

func (m NetworkTestReply) Validate() error {
	errs := []error{
		notZero("time", m.Time), notZero("expires", m.Expires), text("speed_path", m.SpeedPath, 1, 128),
		text("speed_token", m.SpeedToken, 1, 256), iceServers(m.ICEServers),
	}
	// The booth sends its token there: it must be on this very hub.
	if !strings.HasPrefix(m.SpeedPath, "/") || strings.HasPrefix(m.SpeedPath, "//") || strings.ContainsAny(m.SpeedPath, `\?#`) {
		errs = append(errs, fmt.Errorf("speed_path %.40q: expected a path on the hub", m.SpeedPath))
	}
	if strings.ContainsAny(m.SpeedToken, " ,") {
		errs = append(errs, errors.New("speed_token: a space or comma, which no header's token has"))
	}
	return errors.Join(errs...)
}
