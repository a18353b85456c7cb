package call

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/cc"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// mimeRED is of packets with copies of earlier ones.
const mimeRED = "audio/red"

// soundCodecs are those offered for sound. A browser sends copies of its packets
// all the time if they come first, and never if they do not: they cost it as much
// as the sound itself, which a narrow line should not carry when nothing is lost.
func soundCodecs(copiesFirst bool) []webrtc.RTPCodecParameters {
	opus := webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: audioClock, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
	}, PayloadType: 111}
	red := webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: mimeRED, ClockRate: audioClock, Channels: 2, SDPFmtpLine: "111/111",
	}, PayloadType: 63}
	// Their payload types are fixed (RFC 3551, table 4).
	pcma := webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: 8000}, PayloadType: 8}
	pcmu := webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: 8000}, PayloadType: 0}
	if copiesFirst {
		return []webrtc.RTPCodecParameters{red, opus, pcma, pcmu}
	}
	return []webrtc.RTPCodecParameters{opus, red, pcma, pcmu}
}

// How long a path that works waits for a better one: through a NAT, through a
// relay. Pion's two seconds for a relay are a long silence after an answer.
const reflexiveWait, relayWait = 200 * time.Millisecond, 600 * time.Millisecond

// api is pion with the codecs and interceptors of a booth's call.
func (p *Peer) api(adjust func(*webrtc.SettingEngine)) (*webrtc.API, error) {
	var media webrtc.MediaEngine
	registry, err := interceptors(&media, soundCodecs(p.capBits() >= copiesFirstCap), p.bandwidth, p.repairs, pionLogs{p.log})
	if err != nil {
		return nil, err
	}
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(p.options.Loopback)
	settings.SetICETimeouts(disconnectedAfter, failedAfter, keepAlive)
	relay := relayWait
	if p.options.RelayOnly {
		relay = 0
	}
	settings.SetSrflxAcceptanceMinWait(reflexiveWait)
	settings.SetPrflxAcceptanceMinWait(reflexiveWait)
	settings.SetRelayAcceptanceMinWait(relay)
	settings.SetICEProxyDialer(newDialer(p.life, p.options))
	settings.LoggerFactory = pionLogs{p.log}
	marking, err := newMarkingNet(p.markOf)
	if err != nil {
		return nil, fmt.Errorf("listing the network's interfaces: %w", err)
	}
	settings.SetNet(marking)
	if adjust != nil {
		adjust(&settings)
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(&media), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings)), nil
}

// markOf marks a packet of the call.
func (p *Peer) markOf(packet []byte) mark {
	ssrc := uint32(0)
	if b := p.audio.bound.Load(); b != nil {
		ssrc = b.ssrc
	}
	return markOf(packet, ssrc)
}

// interceptors registers codecs and header extensions, and what packets pass on
// their way in and out. Packets that are missing in the adviser's picture are
// asked for by the assembler: pion's generator does not see those that come as
// repair packets (RFC 4588), and would ask for them for ever.
func interceptors(media *webrtc.MediaEngine, sound []webrtc.RTPCodecParameters, estimator cc.BandwidthEstimator, again *repairs, logs logging.LoggerFactory) (*interceptor.Registry, error) {
	feedback := []webrtc.RTCPFeedback{{Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"}}
	const h264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
	for _, c := range []webrtc.RTPCodecParameters{
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeH264, ClockRate: videoClock, SDPFmtpLine: h264, RTCPFeedback: feedback}, PayloadType: 102},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: videoClock, SDPFmtpLine: "apt=102"}, PayloadType: 103},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: videoClock, RTCPFeedback: feedback}, PayloadType: 96},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: videoClock, SDPFmtpLine: "apt=96"}, PayloadType: 97},
	} {
		if err := media.RegisterCodec(c, webrtc.RTPCodecTypeVideo); err != nil {
			return nil, err
		}
	}
	for _, c := range sound {
		if err := media.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, err
		}
	}
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		for _, uri := range []string{sdp.SDESMidURI, captureTimeURI} {
			if err := media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, kind); err != nil {
				return nil, err
			}
		}
	}
	if err := media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: sdp.AudioLevelURI}, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}
	estimation, err := cc.NewInterceptor(func() (cc.BandwidthEstimator, error) { return estimator, nil })
	if err != nil {
		return nil, err
	}
	// What is added first is last on a packet's way out: the estimation sees packets with their numbers, and repairs too.
	var registry interceptor.Registry
	registry.Add(estimation)
	err = errors.Join(
		webrtc.ConfigureTWCCHeaderExtensionSender(media, &registry),
		webrtc.ConfigureTWCCSenderWithOptions(media, &registry, twcc.WithLoggerFactory(logs)),
	)
	registry.Add(again)
	return &registry, errors.Join(err, webrtc.ConfigureRTCPReportsWithOptions(&registry,
		[]report.ReceiverOption{report.WithReceiverLoggerFactory(logs)}, report.WithSenderLoggerFactory(logs)))
}

// pionLogs passes pion's warnings on, and drops its chatter.
type pionLogs struct{ log *slog.Logger }

func (l pionLogs) NewLogger(scope string) logging.LeveledLogger {
	return pionLog{l.log.With("pion", scope)}
}

type pionLog struct{ log *slog.Logger }

func (pionLog) Trace(string)                {}
func (pionLog) Tracef(string, ...any)       {}
func (pionLog) Debug(string)                {}
func (pionLog) Debugf(string, ...any)       {}
func (pionLog) Info(string)                 {}
func (pionLog) Infof(string, ...any)        {}
func (l pionLog) Warn(m string)             { l.log.Debug(m) }
func (l pionLog) Warnf(f string, a ...any)  { l.log.Debug(fmt.Sprintf(f, a...)) }
func (l pionLog) Error(m string)            { l.log.Debug(m) }
func (l pionLog) Errorf(f string, a ...any) { l.log.Debug(fmt.Sprintf(f, a...)) }
