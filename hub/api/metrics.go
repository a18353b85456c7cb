package api

import (
	"github.com/prometheus/client_golang/prometheus"

	"loiret.fr/visioborne/hub/hotline"
)

// metrics are what Prometheus is told, made from the list of booths at each question. None tells whether somebody is at a
// booth.
type metrics struct{ hotline *hotline.Hotline }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("visioborne_"+name, help, labels, nil)
}

// descriptions are those of all metrics.
type descriptions struct {
	booths, up, trouble, out, temperature, free, size, clock, roundTrip, info *prometheus.Desc
}

func newDescriptions() descriptions {
	return descriptions{
		booths:      describe("booths", "How many booths are in a state.", "state"),
		up:          describe("booth_up", "1 while the booth speaks to the hub, 0 while it is silent. Absent for one that was never seen.", "site"),
		trouble:     describe("booth_trouble", "1 for each thing that somebody must see to.", "site", "trouble"),
		out:         describe("booth_out_of_service", "1 while the hotline has taken the booth out of service.", "site"),
		temperature: describe("booth_temperature_celsius", "The temperature of the booth's processor.", "site"),
		free:        describe("booth_disk_free_bytes", "The room that is left where the booth keeps its state.", "site"),
		size:        describe("booth_disk_bytes", "The room that there is where the booth keeps its state.", "site"),
		clock:       describe("booth_clock_offset_seconds", "By how much the booth's clock is ahead of the hub's.", "site"),
		roundTrip:   describe("booth_round_trip_seconds", "How long the hub takes to answer the booth.", "site"),
		info:        describe("booth_info", "Always 1; the labels tell of the booth.", "site", "name", "version", "ring"),
	}
}

// Describe tells the metrics there are.
func (m metrics) Describe(to chan<- *prometheus.Desc) {
	d := newDescriptions()
	for _, one := range []*prometheus.Desc{d.booths, d.up, d.trouble, d.out, d.temperature, d.free, d.size, d.clock, d.roundTrip, d.info} {
		to <- one
	}
}

// Collect tells the booths as they are. What a booth did not tell is absent.
func (m metrics) Collect(to chan<- prometheus.Metric) {
	d := newDescriptions()
	gauge := func(of *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(of, prometheus.GaugeValue, v, labels...)
	}
	states := map[hotline.State]int{hotline.StateUp: 0, hotline.StateSilent: 0, hotline.StateNever: 0}
	for _, b := range m.hotline.View().Booths {
		states[b.State]++
		if b.OutOfService != nil {
			gauge(d.out, 1, b.ID)
		}
		if b.State == hotline.StateNever {
			continue
		}
		for _, t := range b.Troubles {
			gauge(d.trouble, 1, b.ID, t)
		}
		if b.State == hotline.StateSilent {
			gauge(d.up, 0, b.ID)
			continue // what it said is of before
		}
		gauge(d.up, 1, b.ID)
		gauge(d.info, 1, b.ID, b.Name, b.Version, b.Ring)
		if h := b.Health; h != nil {
			number(gauge, d.temperature, h.TemperatureC, 1, b.ID)
			number(gauge, d.free, h.DiskFreeMB, 1e6, b.ID)
			number(gauge, d.size, h.DiskMB, 1e6, b.ID)
		}
		number(gauge, d.clock, b.ClockOffsetS, 1, b.ID)
		number(gauge, d.roundTrip, b.RoundTripMS, 1e-3, b.ID)
	}
	for s, n := range states {
		gauge(d.booths, float64(n), string(s))
	}
}

// number tells a number that may be absent, in another unit.
func number(gauge func(*prometheus.Desc, float64, ...string), of *prometheus.Desc, n *int, unit float64, site string) {
	if n != nil {
		gauge(of, float64(*n)*unit, site)
	}
}
