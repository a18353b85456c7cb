package health

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func tree(files map[string]string) fstest.MapFS {
	t := fstest.MapFS{}
	for name, text := range files {
		t[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return t
}

const (
	firmware = "sys/devices/platform/soc/soc:firmware/get_throttled"
	zone0    = "sys/class/thermal/thermal_zone0/"
	zone1    = "sys/class/thermal/thermal_zone1/"
	monitor  = "sys/class/hwmon/hwmon1/"
)

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name     string
		files    map[string]string
		want     Reading
		warnings []string
	}{
		{"a machine that tells nothing", nil, Reading{}, nil},
		{"a Raspberry Pi that is well", map[string]string{zone0 + "type": "cpu-thermal\n", zone0 + "temp": "48312\n", firmware: "0\n"}, Reading{TemperatureC: new(48), Power: PowerGood}, nil},
		{"rounding", map[string]string{zone0 + "temp": "79500\n"}, Reading{TemperatureC: new(80)}, []string{"hot"}},
		{"one that is hot and has a bad supply", map[string]string{zone0 + "type": "cpu-thermal\n", zone0 + "temp": "81000\n", firmware: "50005\n"}, Reading{TemperatureC: new(81), Power: PowerLow}, []string{"hot", "under_voltage"}},
		{"one whose supply was bad", map[string]string{firmware: "0x50000\n"}, Reading{Power: PowerWasLow}, []string{"under_voltage"}},
		{"one that is throttled by heat alone", map[string]string{firmware: "80008\n"}, Reading{Power: PowerGood}, nil},
		{"a firmware that says nonsense", map[string]string{firmware: "throttled\n"}, Reading{}, nil},
		{"the monitor's driver alone", map[string]string{monitor + "name": "rpi_volt\n", monitor + "in0_lcrit_alarm": "1\n"}, Reading{Power: PowerLow}, []string{"under_voltage"}},
		{"the monitor's driver, well", map[string]string{monitor + "name": "rpi_volt\n", monitor + "in0_lcrit_alarm": "0\n"}, Reading{Power: PowerGood}, nil},
		{"another monitor", map[string]string{monitor + "name": "acpitz\n", monitor + "in0_lcrit_alarm": "1\n"}, Reading{}, nil},
		{"the processor's zone before a hotter one", map[string]string{zone0 + "type": "acpitz\n", zone0 + "temp": "60000\n", zone1 + "type": "x86_pkg_temp\n", zone1 + "temp": "51000\n"}, Reading{TemperatureC: new(51)}, nil},
		{"the hottest of unknown zones", map[string]string{zone0 + "type": "a\n", zone0 + "temp": "40000\n", zone1 + "type": "b\n", zone1 + "temp": "52000\n"}, Reading{TemperatureC: new(52)}, nil},
		{"a zone without a sensor", map[string]string{zone0 + "temp": "-274000\n", zone1 + "temp": "0\n"}, Reading{}, nil},
		{"a zone that cannot be read", map[string]string{zone0 + "temp": "?\n"}, Reading{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Machine{Root: tree(c.files)}.Read()
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.warnings, got.Warnings()); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRoom(t *testing.T) {
	for _, c := range []struct {
		free, all uint64
		err       error
		want      Reading
		full      bool
	}{
		{free: 20_000_000_000, all: 28_000_000_000, want: Reading{DiskFreeMB: new(20_000), DiskMB: new(28_000)}},
		{free: 400_000_000, all: 28_000_000_000, want: Reading{DiskFreeMB: new(400), DiskMB: new(28_000)}, full: true},
		// A small disk is not full because it is small.
		{free: 400_000_000, all: 800_000_000, want: Reading{DiskFreeMB: new(400), DiskMB: new(800)}},
		{err: errors.New("no such file system")},
		{free: 0, all: 0},
	} {
		m := Machine{Root: tree(nil), Folder: "/perm", Room: func(folder string) (uint64, uint64, error) {
			if folder != "/perm" {
				t.Errorf("asked for %s", folder)
			}
			return c.free, c.all, c.err
		}}
		got := m.Read()
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if full := len(got.Warnings()) > 0; full != c.full {
			t.Errorf("%+v: full is %v", c, full)
		}
	}
	if r := (Machine{Root: tree(nil), Folder: t.TempDir()}).Read(); r.DiskMB == nil || *r.DiskFreeMB > *r.DiskMB {
		t.Errorf("this machine's own: %+v", r)
	}
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute+time.Second)
		defer cancel()
		n := 0
		Machine{Root: tree(nil)}.Watch(ctx, time.Minute, func(Reading) { n++ })
		if n != 6 {
			t.Errorf("%d readings in five minutes; want 6", n)
		}
	})
}
