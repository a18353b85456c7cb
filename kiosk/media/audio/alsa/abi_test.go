package alsa

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"
)

// TestABI lets a C compiler compare our structs and requests with the kernel's
// header, for both machines that the service runs on.
func TestABI(t *testing.T) {
	if _, err := os.Stat("/usr/include/sound/asound.h"); err != nil {
		t.Skip("the kernel's headers are not installed")
	}
	var c strings.Builder
	c.WriteString("#include <stddef.h>\n#include <time.h>\n#include <sys/types.h>\n#include <sys/ioctl.h>\n" +
		"#include <sound/asound.h>\n#include <sound/tlv.h>\n")
	is := func(expression string, value any) {
		fmt.Fprintf(&c, "_Static_assert((unsigned long)(%s) == %#xul, \"%s\");\n", expression, value, strings.ReplaceAll(expression, `"`, ""))
	}
	var hw hwParams
	is("sizeof(struct snd_pcm_hw_params)", unsafe.Sizeof(hw))
	is("offsetof(struct snd_pcm_hw_params, intervals)", unsafe.Offsetof(hw.intervals))
	is("offsetof(struct snd_pcm_hw_params, rmask)", unsafe.Offsetof(hw.requested))
	is("offsetof(struct snd_pcm_hw_params, info)", unsafe.Offsetof(hw.info))
	is("sizeof(struct snd_interval)", unsafe.Sizeof(interval{}))
	is("sizeof(struct snd_mask)", unsafe.Sizeof(mask{}))
	var sw swParams
	is("sizeof(struct snd_pcm_sw_params)", unsafe.Sizeof(sw))
	is("offsetof(struct snd_pcm_sw_params, avail_min)", unsafe.Offsetof(sw.availMin))
	is("offsetof(struct snd_pcm_sw_params, start_threshold)", unsafe.Offsetof(sw.startThreshold))
	is("offsetof(struct snd_pcm_sw_params, stop_threshold)", unsafe.Offsetof(sw.stopThreshold))
	is("offsetof(struct snd_pcm_sw_params, proto)", unsafe.Offsetof(sw.proto))
	is("offsetof(struct snd_pcm_sw_params, tstamp_type)", unsafe.Offsetof(sw.tstampType))
	var s status
	is("sizeof(struct snd_pcm_status)", unsafe.Sizeof(s))
	is("offsetof(struct snd_pcm_status, tstamp)", unsafe.Offsetof(s.tstamp))
	is("offsetof(struct snd_pcm_status, appl_ptr)", unsafe.Offsetof(s.applied))
	is("offsetof(struct snd_pcm_status, delay)", unsafe.Offsetof(s.delay))
	is("offsetof(struct snd_pcm_status, avail)", unsafe.Offsetof(s.avail))
	is("offsetof(struct snd_pcm_status, suspended_state)", unsafe.Offsetof(s.suspendedState))
	var x transfer
	is("sizeof(struct snd_xferi)", unsafe.Sizeof(x))
	is("offsetof(struct snd_xferi, buf)", unsafe.Offsetof(x.buffer))
	is("offsetof(struct snd_xferi, frames)", unsafe.Offsetof(x.frames))
	var info cardInfo
	is("sizeof(struct snd_pcm_info)", unsafe.Sizeof(info))
	is("offsetof(struct snd_pcm_info, name)", unsafe.Offsetof(info.name))
	is("sizeof(struct snd_ctl_elem_id)", unsafe.Sizeof(elemID{}))
	var list elemList
	is("sizeof(struct snd_ctl_elem_list)", unsafe.Sizeof(list))
	is("offsetof(struct snd_ctl_elem_list, pids)", unsafe.Offsetof(list.ids))
	var elem elemInfo
	is("sizeof(struct snd_ctl_elem_info)", unsafe.Sizeof(elem))
	is("offsetof(struct snd_ctl_elem_info, value)", unsafe.Offsetof(elem.least))
	var value elemValue
	is("sizeof(struct snd_ctl_elem_value)", unsafe.Sizeof(value))
	is("offsetof(struct snd_ctl_elem_value, value)", unsafe.Offsetof(value.value))
	is("offsetof(struct snd_ctl_tlv, tlv)", unsafe.Offsetof(elemTLV{}.words))
	for name, value := range map[string]int{
		"SNDRV_PCM_IOCTL_INFO": pcmInfo, "SNDRV_PCM_IOCTL_HW_REFINE": pcmHWRefine, "SNDRV_PCM_IOCTL_HW_PARAMS": pcmHWParams,
		"SNDRV_PCM_IOCTL_SW_PARAMS": pcmSWParams, "SNDRV_PCM_IOCTL_STATUS": pcmStatus, "SNDRV_PCM_IOCTL_PREPARE": pcmPrepare,
		"SNDRV_PCM_IOCTL_START": pcmStart, "SNDRV_PCM_IOCTL_WRITEI_FRAMES": pcmWriteI, "SNDRV_PCM_IOCTL_READI_FRAMES": pcmReadI,
		"SNDRV_CTL_IOCTL_ELEM_LIST": ctlElemList, "SNDRV_CTL_IOCTL_ELEM_INFO": ctlElemInfo, "SNDRV_CTL_IOCTL_ELEM_READ": ctlElemRead,
		"SNDRV_CTL_IOCTL_ELEM_WRITE": ctlElemWrite, "SNDRV_CTL_IOCTL_TLV_READ": ctlTLVRead,
		"SNDRV_PCM_ACCESS_RW_INTERLEAVED": accessRWInterleaved, "SNDRV_PCM_FORMAT_S16_LE": formatS16LE,
		"SNDRV_PCM_TSTAMP_ENABLE": tstampEnable, "SNDRV_PCM_TSTAMP_TYPE_MONOTONIC": tstampMonotonic,
		"SNDRV_PCM_STREAM_PLAYBACK": streamPlayback, "SNDRV_PCM_STREAM_CAPTURE": streamCapture,
		"SNDRV_PCM_STATE_PREPARED": statePrepared, "SNDRV_PCM_STATE_RUNNING": stateRunning, "SNDRV_PCM_STATE_XRUN": stateXrun,
		"SNDRV_PCM_STATE_SUSPENDED": stateSuspended, "SNDRV_PCM_STATE_DISCONNECTED": stateDisconnected,
		"SNDRV_PCM_HW_PARAM_ACCESS": maskAccess, "SNDRV_PCM_HW_PARAM_FORMAT": maskFormat,
		"SNDRV_PCM_HW_PARAM_CHANNELS - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL":    intervalChannels,
		"SNDRV_PCM_HW_PARAM_RATE - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL":        intervalRate,
		"SNDRV_PCM_HW_PARAM_PERIOD_SIZE - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL": intervalPeriodSize,
		"SNDRV_PCM_HW_PARAM_BUFFER_SIZE - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL": intervalBufferSize,
		"SNDRV_CTL_ELEM_TYPE_BOOLEAN":                                        typeBoolean, "SNDRV_CTL_ELEM_TYPE_INTEGER": typeInteger,
		"SNDRV_CTL_ELEM_IFACE_MIXER": ifaceMixer, "SNDRV_CTL_ELEM_ACCESS_WRITE": accessWrite,
		"SNDRV_CTL_ELEM_ACCESS_TLV_READ": accessTLVRead, "SNDRV_CTL_ELEM_ACCESS_INACTIVE": accessInactive,
		"SNDRV_CTL_TLVT_CONTAINER": tlvContainer, "SNDRV_CTL_TLVT_DB_SCALE": tlvScale, "SNDRV_CTL_TLVT_DB_LINEAR": tlvLinear,
		"SNDRV_CTL_TLVT_DB_RANGE": tlvRange, "SNDRV_CTL_TLVT_DB_MINMAX": tlvMinMax, "SNDRV_CTL_TLVT_DB_MINMAX_MUTE": tlvMinMaxMute,
		"SNDRV_CTL_TLVD_DB_SCALE_MUTE": tlvScaleMute, "SNDRV_CTL_TLVD_DB_SCALE_MASK": tlvScaleStep,
	} {
		is(name, value)
	}
	file := filepath.Join(t.TempDir(), "abi.c")
	if err := os.WriteFile(file, []byte(c.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, compiler := range []string{"gcc", "aarch64-linux-gnu-gcc"} {
		path, err := exec.LookPath(compiler)
		if err != nil {
			t.Logf("without %s", compiler)
			continue
		}
		args := []string{"-fsyntax-only", file}
		if compiler != "gcc" { // its own package of headers lacks the kernel's
			args = append(args, "-idirafter", "/usr/include")
		}
		if out, err := exec.Command(path, args...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", compiler, err, out)
		}
	}
}
