package call

import (
	"context"
	"time"
)

// steerEvery is how often the encoder follows the bandwidth.
const steerEvery = 100 * time.Millisecond

// Stats tell how the call goes.
type Stats struct {
	// Path is how the two ends reach each other: the kinds of the chosen candidates,
	// as in "host/relay", the booth's first.
	Path      string        `json:"path"`
	RoundTrip time.Duration `json:"round_trip_ns"`
	// BandwidthKbps is what the path to the adviser carries by estimate, VideoKbps
	// the encoder's target, SentKbps what is sent of sound and picture with headers,
	// RepairKbps the part of it that is sent again, in kbit/s.
	BandwidthKbps int `json:"bandwidth_kbps"`
	VideoKbps     int `json:"video_kbps"`
	SentKbps      int `json:"sent_kbps"`
	RepairKbps    int `json:"repair_kbps"`
	// LossPercent is the part of the sent packets that did not arrive lately.
	LossPercent float64 `json:"loss_percent"`
	// Sound is the codec of what is sent, SoundKbps its bitrate without headers;
	// SoundTwice: each packet also has a copy of the one before. ReportedLossPercent
	// is what the adviser's end reports, and what these follow.
	Sound               string  `json:"sound"`
	SoundKbps           int     `json:"sound_kbps"`
	SoundTwice          bool    `json:"sound_twice"`
	ReportedLossPercent float64 `json:"reported_loss_percent"`
	// Pictures since the beginning, and packets of the adviser's that were asked for again.
	SentFrames     int64 `json:"sent_frames"`
	ReceivedFrames int64 `json:"received_frames"`
	MissingPackets int64 `json:"missing_packets"`
	// EncodedAfter is how long a picture took from its capture to the end of its encoding, SentAfter from there until
	// its last packet had left: the mean of the sent ones.
	EncodedAfter time.Duration `json:"encoded_after_ns"`
	SentAfter    time.Duration `json:"sent_after_ns"`
	// ReceivedCopies are packets of the adviser's sound that came once more in the next one.
	ReceivedCopies int64 `json:"received_copies"`
}

// Stats are those of about the last second.
func (p *Peer) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.ReceivedCopies = p.counts.copies.Load()
	s.SentFrames, s.ReceivedFrames, s.MissingPackets = p.counts.sentFrames.Load(), p.counts.receivedFrames.Load(), p.counts.missing.Load()
	if n := time.Duration(s.SentFrames); n > 0 {
		s.EncodedAfter, s.SentAfter = time.Duration(p.counts.encoding.Load())/n, time.Duration(p.counts.sending.Load())/n
	}
	return s
}

// steer makes pacer and encoder follow the bandwidth, and sees to key frames that
// were put off, until ctx ends.
func (p *Peer) steer(ctx context.Context) {
	tick := time.NewTicker(steerEvery)
	defer tick.Stop()
	var sent, repair meter
	var asking prober
	for n := 0; ; n++ {
		var now time.Time
		select {
		case <-ctx.Done():
			return
		case now = <-tick.C:
		}
		sentRate := 8 * sent.read(now, p.bandwidth.sentBytes.Load())
		repairRate := 8 * repair.read(now, p.bandwidth.repairBytes.Load())
		if n%10 == 0 {
			p.protect(now)
		}
		p.ask(now, &asking)
		p.divide(now, int(repairRate))
		if n%10 == 0 {
			p.look(sentRate, repairRate)
		}
		p.mu.Lock()
		ask, force := p.askDue, p.forceDue
		p.mu.Unlock()
		if ask {
			p.RequestKeyFrame(StreamAdviser)
		}
		if force {
			p.forceKeyFrame()
		}
	}
}

// protect makes the sound follow bandwidth and loss.
func (p *Peer) protect(now time.Time) {
	target := p.bandwidth.GetTargetBitrate()
	p.mu.Lock()
	p.losses.age(now)
	loss := p.losses.loss()
	p.bandwidth.lose(loss)
	changed := p.protection.follow(now, loss, target)
	p.pictureCopies.Store(int32(p.protection.picture(now, loss, time.Duration(p.rtt.Load()), target)))
	s, microphone := p.protection.sound, p.microphone
	p.stats.ReportedLossPercent, p.stats.SoundKbps, p.stats.SoundTwice = 100*loss, s.bitrate/1000, s.copies
	if b := p.audio.bound.Load(); b != nil {
		p.stats.Sound = codecName(b.codec)
		if b.clock != audioClock {
			p.stats.SoundKbps, p.stats.SoundTwice = 64, false
		}
	}
	p.mu.Unlock()
	if changed && microphone != nil {
		p.adapt(microphone, s)
	}
}

func (p *Peer) adapt(m Microphone, s sound) {
	if err := m.Adapt(s.bitrate, s.lossPercent); err != nil {
		p.log.Warn("adapting the sound to the network", "error", err)
	}
}

// ask probes the line for more, while there is a picture that could use it.
func (p *Peer) ask(now time.Time, asking *prober) {
	estimate, most := p.bandwidth.GetTargetBitrate(), bandwidthFor(p.capBits())
	if found, ok := p.bandwidth.probed(now); ok {
		if to := asking.raise(now, found, estimate, most); to > 0 {
			p.anew(to)
			return
		}
	}
	p.mu.Lock()
	film := p.camera != nil && p.flowing && p.up
	p.mu.Unlock()
	if !film || p.bandwidth.queueing() {
		p.probe.Store(0)
		return
	}
	if bytes := asking.due(now, estimate, most); bytes > 0 {
		p.probe.Store(int64(bytes))
	}
}

// divide gives the encoder what the bandwidth leaves for it.
func (p *Peer) divide(now time.Time, repair int) {
	target := p.bandwidth.GetTargetBitrate()
	p.pacer.bitrate.Store(int64(target))
	p.mu.Lock()
	want := videoBitrate(target, p.protection.rate(), repair, p.capBits(), p.pictureCopies.Load() > 0)
	camera := p.camera
	if camera != nil && p.flowing {
		p.lastBandwidth, p.lastPicture = target, now
	}
	tell := camera != nil && worthTelling(want, p.bitrate, p.capBits(), now.Sub(p.bitrateAt))
	if tell {
		p.bitrate, p.bitrateAt = want, now
	}
	p.stats.BandwidthKbps, p.stats.VideoKbps = target/1000, p.bitrate/1000
	p.mu.Unlock()
	if !tell {
		return
	}
	if err := camera.SetBitrate(want); err != nil {
		p.log.Warn("setting the encoder's bitrate", "error", err)
	}
}

// look measures what changes slowly.
func (p *Peer) look(sent, repair float64) {
	p.mu.Lock()
	begun := p.up || p.connected
	p.mu.Unlock()
	if !begun { // pion still sets the transport up, and does not lock it
		return
	}
	transport := p.pc.SCTP().Transport().ICETransport()
	path := ""
	if pair, err := transport.GetSelectedCandidatePair(); err == nil && pair != nil {
		path = pair.Local.Typ.String() + "/" + pair.Remote.Typ.String()
	}
	if s, ok := transport.GetSelectedCandidatePairStats(); ok && s.CurrentRoundTripTime > 0 {
		p.rtt.Store(int64(s.CurrentRoundTripTime * float64(time.Second)))
	}
	loss, _ := p.bandwidth.GetStats()["averageLoss"].(float64)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stats.Path, p.stats.RoundTrip = path, time.Duration(p.rtt.Load())
	p.stats.SentKbps, p.stats.RepairKbps = int(sent/1000), int(repair/1000)
	p.stats.LossPercent = 100 * loss
	if p.connected {
		p.measures.roundTrip(p.stats.RoundTrip)
		if p.microphone != nil {
			p.measures.echo.second(p.microphone.Echo())
		}
	}
}

// reviveBandwidth goes on with the bandwidth that there was before the camera was
// off: without a picture there was too little to measure by.
func (p *Peer) reviveBandwidth() {
	p.mu.Lock()
	last, since := p.lastBandwidth, time.Since(p.lastPicture)
	p.mu.Unlock()
	if last > p.bandwidth.GetTargetBitrate() && since > time.Second {
		p.anew(last)
	}
}

// anew begins the estimation of the bandwidth anew.
func (p *Peer) anew(bitsPerSecond int) {
	if err := p.bandwidth.restart(bitsPerSecond); err != nil {
		p.log.Warn("beginning the estimation of the bandwidth anew", "error", err)
	}
}
