package v4l2

// The structures of include/uapi/linux/videodev2.h, as they are on 64-bit
// machines. Names follow the header's; unions are bytes, or what is used of them.
type (
	// Capability is struct v4l2_capability.
	Capability struct {
		Driver                            [16]byte
		Card, BusInfo                     [32]byte
		Version, Capabilities, DeviceCaps uint32
		_                                 [3]uint32
	}
	// FmtDesc is struct v4l2_fmtdesc.
	FmtDesc struct {
		Index, Type, Flags    uint32
		Description           [32]byte
		PixelFormat, MbusCode uint32
		_                     [3]uint32
	}
	// FrmSizeEnum is struct v4l2_frmsizeenum: one size, or the least, the most and the steps.
	FrmSizeEnum struct {
		Index, PixelFormat, Type         uint32
		MinWidth, MaxWidth, StepWidth    uint32 // a discrete size is the first two
		MinHeight, MaxHeight, StepHeight uint32
		_                                [2]uint32
	}
	// Fract is struct v4l2_fract.
	Fract struct{ Numerator, Denominator uint32 }
	// FrmIvalEnum is struct v4l2_frmivalenum: one interval, or the least, the most and the step.
	FrmIvalEnum struct {
		Index, PixelFormat, Width, Height, Type uint32
		Min, Max, Step                          Fract
		_                                       [2]uint32
	}
	// PixFormat is struct v4l2_pix_format.
	PixFormat struct {
		Width, Height, PixelFormat, Field, BytesPerLine, SizeImage, Colorspace uint32
		Priv, Flags, YCbCrEnc, Quantization, XferFunc                          uint32
	}
	// PlanePixFormat is struct v4l2_plane_pix_format.
	PlanePixFormat struct {
		SizeImage, BytesPerLine uint32
		_                       [6]uint16
	}
	// PixFormatMplane is struct v4l2_pix_format_mplane.
	PixFormatMplane struct {
		Width, Height, PixelFormat, Field, Colorspace      uint32
		PlaneFmt                                           [8]PlanePixFormat
		NumPlanes, Flags, YCbCrEnc, Quantization, XferFunc uint8
		_                                                  [7]uint8
	}
	// RawFormat is struct v4l2_format; Fmt holds a PixFormat or a PixFormatMplane.
	RawFormat struct {
		Type uint32
		_    uint32
		Fmt  [50]uint32
	}
	// StreamParm is struct v4l2_streamparm, for either direction.
	StreamParm struct {
		Type             uint32
		Capability, Mode uint32
		TimePerFrame     Fract
		_                [184]byte
	}
	// RequestBuffers is struct v4l2_requestbuffers.
	RequestBuffers struct {
		Count, Type, Memory, Capabilities uint32
		_                                 [4]uint8
	}
	// Timeval is struct timeval.
	Timeval struct{ Sec, Usec int64 }
	// Buffer is struct v4l2_buffer. M is an offset, a descriptor or the address of planes.
	Buffer struct {
		Index, Type, BytesUsed, Flags, Field uint32
		_                                    uint32
		Timestamp                            Timeval
		_                                    [16]byte // timecode
		Sequence, Memory                     uint32
		M                                    uintptr
		Length                               uint32
		_                                    [3]uint32
	}
	// Plane is struct v4l2_plane. M is an offset or a descriptor.
	Plane struct {
		BytesUsed, Length uint32
		M                 uint64
		DataOffset        uint32
		_                 [11]uint32
	}
	// ExportBuffer is struct v4l2_exportbuffer.
	ExportBuffer struct {
		Type, Index, Plane, Flags uint32
		FD                        int32
		_                         [11]uint32
	}
	// QueryExtCtrl is struct v4l2_query_ext_ctrl.
	QueryExtCtrl struct {
		ID, Type                         uint32
		Name                             [32]byte
		Minimum, Maximum                 int64
		Step                             uint64
		Default                          int64
		Flags, ElemSize, Elems, NrOfDims uint32
		Dims                             [4]uint32
		_                                [32]uint32
	}
	// ExtControl is struct v4l2_ext_control, which is packed.
	ExtControl struct {
		ID, Size, _ uint32
		Value       int32
		_           uint32
	}
	// ExtControls is struct v4l2_ext_controls. Controls is the address of the first.
	ExtControls struct {
		Which, Count, ErrorIdx uint32
		RequestFD              int32
		_                      [2]uint32
		Controls               uintptr
	}
	// EventSubscription is struct v4l2_event_subscription.
	EventSubscription struct {
		Type, ID, Flags uint32
		_               [5]uint32
	}
	// Event is struct v4l2_event.
	Event struct {
		Type              uint32
		_                 uint32
		U                 [64]byte
		Pending, Sequence uint32
		Timestamp         struct{ Sec, Nsec int64 }
		ID                uint32
		_                 [9]uint32
	}
	// Selection is struct v4l2_selection.
	Selection struct {
		Type, Target, Flags uint32
		Left, Top           int32
		Width, Height       uint32
		_                   [9]uint32
	}
	// CodecCmd is struct v4l2_encoder_cmd.
	CodecCmd struct {
		Cmd, Flags uint32
		_          [8]uint32
	}
	// DecoderCmd is struct v4l2_decoder_cmd.
	DecoderCmd struct {
		Cmd, Flags uint32
		_          [16]uint32
	}
)

// The requests, as _IOWR and its like make them of 'V', a number and a size.
const (
	QueryCap           = 0x80685600
	EnumFmt            = 0xc0405602
	GFmt               = 0xc0d05604
	SFmt               = 0xc0d05605
	ReqBufs            = 0xc0145608
	QueryBuf           = 0xc0585609
	QBuf               = 0xc058560f
	ExpBuf             = 0xc0405610
	DQBuf              = 0xc0585611
	StreamOn           = 0x40045612
	StreamOff          = 0x40045613
	GParm              = 0xc0cc5615
	SParm              = 0xc0cc5616
	TryFmt             = 0xc0d05640
	GExtCtrls          = 0xc0205647
	SExtCtrls          = 0xc0205648
	EnumFrameSizes     = 0xc02c564a
	EnumFrameIntervals = 0xc034564b
	EncoderCmd         = 0xc028564d
	DQEvent            = 0x80885659
	SubscribeEvent     = 0x4020565a
	SSelection         = 0xc040565f
	DecoderCommand     = 0xc0485660
	QueryExtControl    = 0xc0e85667
)

// Types of queues.
const (
	capture       = 1
	output        = 2
	captureMplane = 9
	outputMplane  = 10
)

// Values of the fields above.
const (
	CapCapture       = 0x1
	CapOutput        = 0x2
	CapCaptureMplane = 0x1000
	CapOutputMplane  = 0x2000
	CapM2MMplane     = 0x4000
	CapM2M           = 0x8000
	CapStreaming     = 0x4000000
	CapDeviceCaps    = 0x80000000

	MemoryMMAP   = 1
	MemoryDMABUF = 4
	BufCapDMABUF = 0x4

	BufFlagKeyFrame      = 0x8
	BufFlagError         = 0x40
	BufFlagTimestampMask = 0xe000
	BufFlagMonotonic     = 0x2000
	BufFlagTimestampCopy = 0x4000
	BufFlagLast          = 0x100000
	FmtFlagCompressed    = 0x1
	FmtFlagEmulated      = 0x2
	FieldNone            = 1
	Discrete             = 1 // of FrmSizeEnum and FrmIvalEnum
	ColorspaceJPEG       = 7
	ColorspaceSMPTE170M  = 1
	QuantizationFull     = 1
	QuantizationLimited  = 2
	YCbCrEnc601          = 1
	CtrlFlagDisabled     = 0x1
	EventEOS             = 2
	EncCmdStart          = 0
	EncCmdStop           = 1
	exportReadWrite      = 0x2 // O_RDWR
	exportCloseOnExec    = 0x80000
)

// Controls, from include/uapi/linux/v4l2-controls.h.
const (
	PowerLineFrequency   = 0x980918
	ExposureAuto         = 0x9a0901
	ExposureAutoPriority = 0x9a0903

	BFrames         = 0x9909ca
	GOPSize         = 0x9909cb
	BitrateMode     = 0x9909ce
	Bitrate         = 0x9909cf
	FrameRCEnable   = 0x9909d7
	HeaderMode      = 0x9909d8
	RepeatSeqHeader = 0x9909e2
	ForceKeyFrame   = 0x9909e5
	H264IPeriod     = 0x990a66
	H264Level       = 0x990a67
	H264Profile     = 0x990a6b
	H264Entropy     = 0x990a65

	PowerLine50Hz              = 1
	ExposureAperturePriority   = 3 // the exposure is the camera's, the iris nobody's
	ExposureAutomatic          = 0
	BitrateConstant            = 1
	HeaderWithFirstFrame       = 1
	ProfileConstrainedBaseline = 1
	EntropyCAVLC               = 0
)
