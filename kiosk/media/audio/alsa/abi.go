package alsa

import (
	"syscall"
	"unsafe"
)

// The kernel's structs and requests (include/uapi/sound/asound.h), as they are
// where long has 64 bits. TestABI compares them with the header.

const (
	pcmInfo       = 0x81204101 // SNDRV_PCM_IOCTL_INFO
	pcmHWRefine   = 0xc2604110 // SNDRV_PCM_IOCTL_HW_REFINE
	pcmHWParams   = 0xc2604111 // SNDRV_PCM_IOCTL_HW_PARAMS
	pcmSWParams   = 0xc0884113 // SNDRV_PCM_IOCTL_SW_PARAMS
	pcmStatus     = 0x80984120 // SNDRV_PCM_IOCTL_STATUS
	pcmPrepare    = 0x4140     // SNDRV_PCM_IOCTL_PREPARE
	pcmStart      = 0x4142     // SNDRV_PCM_IOCTL_START
	pcmWriteI     = 0x40184150 // SNDRV_PCM_IOCTL_WRITEI_FRAMES
	pcmReadI      = 0x80184151 // SNDRV_PCM_IOCTL_READI_FRAMES
	ctlElemList   = 0xc0505510 // SNDRV_CTL_IOCTL_ELEM_LIST
	ctlElemInfo   = 0xc1105511 // SNDRV_CTL_IOCTL_ELEM_INFO
	ctlElemRead   = 0xc4c85512 // SNDRV_CTL_IOCTL_ELEM_READ
	ctlElemWrite  = 0xc4c85513 // SNDRV_CTL_IOCTL_ELEM_WRITE
	ctlTLVRead    = 0xc008551a // SNDRV_CTL_IOCTL_TLV_READ
	pcmVersion    = 2<<16 | 15 // the protocol that the header describes
	ctlNameLength = 44
)

const (
	accessRWInterleaved = 3
	formatS16LE         = 2
	tstampEnable        = 1
	tstampMonotonic     = 1

	streamPlayback = 0
	streamCapture  = 1

	statePrepared     = 2
	stateRunning      = 3
	stateXrun         = 4
	stateSuspended    = 7
	stateDisconnected = 8
)

// Masks and intervals of hwParams.
const (
	maskAccess = 0
	maskFormat = 1

	intervalChannels   = 2
	intervalRate       = 3
	intervalPeriodSize = 5
	intervalBufferSize = 9
)

type mask struct{ bits [8]uint32 }

func (m *mask) only(bit int) {
	*m = mask{}
	m.bits[bit/32] = 1 << (bit % 32)
}

type interval struct {
	min, max uint32
	flags    uint32
}

const intervalInteger = 1 << 2

func (i *interval) between(least, most int) {
	*i = interval{min: uint32(least), max: uint32(most), flags: intervalInteger}
}

type hwParams struct {
	flags     uint32
	masks     [3]mask
	_         [5]mask
	intervals [12]interval
	_         [9]interval
	requested uint32 // rmask
	changed   uint32 // cmask
	info      uint32
	msbits    uint32
	rateNum   uint32
	rateDen   uint32
	fifoSize  uint64
	_         [64]byte
}

// anything is the whole space of configurations.
func anything() hwParams {
	p := hwParams{requested: ^uint32(0), info: ^uint32(0)}
	for i := range p.masks {
		for j := range p.masks[i].bits {
			p.masks[i].bits[j] = ^uint32(0)
		}
	}
	for i := range p.intervals {
		p.intervals[i] = interval{max: ^uint32(0)}
	}
	return p
}

type swParams struct {
	tstampMode       int32
	periodStep       uint32
	sleepMin         uint32
	availMin         uint64
	xferAlign        uint64
	startThreshold   uint64
	stopThreshold    uint64
	silenceThreshold uint64
	silenceSize      uint64
	boundary         uint64
	proto            uint32
	tstampType       uint32
	_                [56]byte
}

type status struct {
	state          int32
	_              int32
	trigger        syscall.Timespec
	tstamp         syscall.Timespec
	applied        uint64 // appl_ptr
	hardware       uint64 // hw_ptr
	delay          int64
	avail          uint64
	availMax       uint64
	overrange      uint64
	suspendedState int32
	audioData      uint32
	audio          syscall.Timespec
	driver         syscall.Timespec
	accuracy       uint32
	_              [20]byte
}

type transfer struct {
	result int64
	buffer unsafe.Pointer
	frames uint64
}

type cardInfo struct { // struct snd_pcm_info
	device    uint32
	subdevice uint32
	stream    int32
	card      int32
	id        [64]byte
	name      [80]byte
	subname   [32]byte
	class     int32
	subclass  int32
	count     uint32
	available uint32
	sync      [16]byte
	_         [64]byte
}

// Kinds of controls, and what may be done with them.
const (
	typeBoolean = 1
	typeInteger = 2

	ifaceMixer = 2

	accessWrite    = 1 << 1
	accessTLVRead  = 1 << 4
	accessInactive = 1 << 8
)

type elemID struct {
	number    uint32
	iface     int32
	device    uint32
	subdevice uint32
	name      [ctlNameLength]byte
	index     uint32
}

type elemList struct {
	offset uint32
	space  uint32
	used   uint32
	count  uint32
	ids    *elemID
	_      [56]byte
}

type elemInfo struct {
	id     elemID
	kind   int32
	access uint32
	count  uint32
	owner  int32
	least  int64
	most   int64
	step   int64
	_      [104]byte
	_      [64]byte
}

type elemValue struct {
	id       elemID
	indirect uint32
	_        uint32
	value    [128]int64
	_        [128]byte
}

const maxTLV = 1024 // words: the longest known have some hundred

type elemTLV struct {
	number uint32
	length uint32 // bytes
	words  [maxTLV]uint32
}
