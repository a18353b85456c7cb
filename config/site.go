// Package config holds what a booth is told about its site and the partners that citizens call there: the types, the
// strict loading of the two kinds of YAML file (a site, the partner directory) with every mistake reported in one pass,
// and the JSON Schemas generated from the types, which editors use.
//
// It reads the files it is given and writes nothing; it opens no network and starts no goroutine. Time zones come from
// the binary, so that a machine without zone files knows them too. The loiret folder holds the Loiret's own files.
//
// Sources: YAML 1.2.2; JSON Schema draft 2020-12; the time zones of the IANA; telephone numbers as Arcep's numbering
// plan for France has them.
package config

import (
	"math"
	"time"
)

// Site is one Espace Services Publics and its booth, as one YAML file describes it.
type Site struct {
	// ID names the site in addresses and keys: lower-case letters, digits and hyphens.
	ID string `yaml:"id" json:"id"`
	// Name is what citizens and advisers read: "Espace Services Publics de Gien".
	Name string `yaml:"name" json:"name"`
	// Town is where it is, for citizens of other sites: "Gien". Absent where the name says it.
	Town string `yaml:"town,omitempty" json:"town,omitempty"`
	// Phone is the number that helps with the booth, shown in its help and when it is out of service.
	Phone Phone `yaml:"phone" json:"phone"`
	// Managers are the e-mail addresses of the site's managers, who are told before something changes on its booth. Without
	// one its configuration cannot be changed from the hub.
	Managers []string `yaml:"managers,omitempty" json:"managers,omitempty"`
	// Position is where the site is, for the hotline's map and to tell which other site is nearest; absent where nobody has
	// looked it up.
	Position *Position `yaml:"position,omitempty" json:"position,omitempty"`
	// Partners lists the partners in the order in which the touchscreen shows them.
	Partners []SitePartner `yaml:"partners" json:"partners"`
	// Hours are the opening hours of the room, in Timezone.
	Hours Hours `yaml:"hours" json:"hours"`
	// Closed lists days and ranges of days on which the room is shut.
	Closed []Days `yaml:"closed,omitempty" json:"closed,omitempty"`
	// Timezone is an IANA name; "Europe/Paris" when absent.
	Timezone string `yaml:"timezone,omitempty" json:"timezone,omitempty"`
	// Languages offered on the touchscreen (BCP 47), the first being the one it starts in. All that it has when absent.
	Languages []string `yaml:"languages,omitempty" json:"languages,omitempty"`
	// BitrateCapKbps is the most that the picture may send, in kbit/s, because the line is shared. 1500 when absent.
	BitrateCapKbps int `yaml:"bitrate_cap_kbps,omitempty" json:"bitrate_cap_kbps,omitempty"`
	// UpdateRateKbps is the most that loading an update may take of the line, in kbit/s. 1000 when absent.
	UpdateRateKbps int `yaml:"update_rate_kbps,omitempty" json:"update_rate_kbps,omitempty"`
	// Hub is the address of the hub: ws:// on a developer's machine, wss:// elsewhere.
	Hub string `yaml:"hub" json:"hub"`
	// Devices names the booth's camera, microphone and speaker, and what else it has.
	Devices Devices `yaml:"devices,omitempty" json:"devices,omitempty"`
	// Attract is what the waiting screen shows of the Département; absent where it is the booth's own drawing.
	Attract *Attract `yaml:"attract,omitempty" json:"attract,omitempty"`
	// Speech is how the spoken mode sounds.
	Speech Speech `yaml:"speech,omitempty" json:"speech,omitempty"`
	// Limits are the longest times that a screen may stay.
	Limits Limits `yaml:"limits,omitempty" json:"limits,omitempty"`
}

// What a site has where its file says nothing.
const (
	defaultTimezone       = "Europe/Paris"
	defaultBitrateCapKbps = 1500
	defaultUpdateRateKbps = 1000
)

// languages are those in which the touchscreen has its texts, as BCP 47 tags, in the order in which it offers them: French,
// easy French ("simple" is a registered variant), English, and the six that visitors of a French counter ask for most.
func languages() []string {
	return []string{"fr", "fr-simple", "en", "ar", "es", "pt", "ro", "tr", "uk"}
}

func (s *Site) setDefaults() {
	s.Timezone = defaultTimezone
	s.Languages = languages()
	s.BitrateCapKbps = defaultBitrateCapKbps
	s.UpdateRateKbps = defaultUpdateRateKbps
	s.Speech.setDefaults()
	s.Limits.setDefaults()
}

// Position is a place on Earth (WGS 84).
type Position struct {
	// Latitude is in degrees, north of the equator.
	Latitude float64 `yaml:"latitude" json:"latitude"`
	// Longitude is in degrees, east of Greenwich.
	Longitude float64 `yaml:"longitude" json:"longitude"`
}

// setDefaults makes both parts unknown: zero degrees are a place.
func (p *Position) setDefaults() { *p = Position{math.NaN(), math.NaN()} }

// SitePartner is a partner's place in a site, with what differs from the partner directory there.
type SitePartner struct {
	// ID is the partner's id in the directory.
	ID string `yaml:"id" json:"id"`
	// Phone, Hours and Closed replace the directory's when present.
	Phone  Phone  `yaml:"phone,omitempty" json:"phone,omitempty"`
	Hours  Hours  `yaml:"hours,omitempty" json:"hours,omitempty"`
	Closed []Days `yaml:"closed,omitempty" json:"closed,omitempty"`
}

// Simulated is the name of a device that the booth plays itself.
const Simulated = "simulated"

// Devices names the booth's devices: "simulated", or a path such as /dev/video0. An absent one is the first that the booth finds.
type Devices struct {
	Camera     string `yaml:"camera,omitempty" json:"camera,omitempty"`
	Microphone string `yaml:"microphone,omitempty" json:"microphone,omitempty"`
	Speaker    string `yaml:"speaker,omitempty" json:"speaker,omitempty"`
	// Handset is absent where the booth has none.
	Handset *Handset `yaml:"handset,omitempty" json:"handset,omitempty"`
	// Headphones is the card of a jack or plug for headphones, which is used in the spoken mode while the card is there and the
	// handset is not lifted. Absent where the booth has none.
	Headphones string `yaml:"headphones,omitempty" json:"headphones,omitempty"`
	// Keys are absent where the spoken mode is moved on the touchscreen alone.
	Keys *Keys `yaml:"keys,omitempty" json:"keys,omitempty"`
	// Presence is absent where the booth has no sensor for it: then a touch alone tells that somebody is there.
	Presence *Presence `yaml:"presence,omitempty" json:"presence,omitempty"`
	// Backlight is absent where the panel's brightness is left as it is.
	Backlight *Backlight `yaml:"backlight,omitempty" json:"backlight,omitempty"`
	// Panel is the touchscreen's size and how it hangs; a 10.1 inch one when absent.
	Panel *Panel `yaml:"panel,omitempty" json:"panel,omitempty"`
}

// Touchscreen is the panel, or the one that a site without a word about it has.
func (d Devices) Touchscreen() Panel {
	var p Panel
	if p.setDefaults(); d.Panel != nil {
		p = *d.Panel
	}
	return p
}

// Handset is a telephone handset on a hook. While it is lifted, sound goes to it and the loudspeaker is closed.
type Handset struct {
	// Switch is the line of the hook's switch, by its name on the 40-pin connector: GPIO27. The other end of the switch is ground.
	Switch string `yaml:"switch" json:"switch"`
	// Lifted is the line's level while the handset is lifted: high for a switch that opens then, low for one that closes. "high" when absent.
	Lifted string `yaml:"lifted,omitempty" json:"lifted,omitempty"`
	// Microphone is the handset's own. When absent the booth's goes on hearing: for a handset that has an earpiece only.
	Microphone string `yaml:"microphone,omitempty" json:"microphone,omitempty"`
	// Speaker is the handset's earpiece.
	Speaker string `yaml:"speaker" json:"speaker"`
}

// The levels of a handset's switch.
const (
	LevelHigh = "high"
	LevelLow  = "low"
)

func levels() []string { return []string{LevelHigh, LevelLow} }

func (h *Handset) setDefaults() { h.Lifted = LevelHigh }

// Limits are the longest times that a screen may stay before the booth moves on by itself.
type Limits struct {
	// MediaSetup is how long setting up sound and picture may take. 15 s when absent.
	MediaSetup time.Duration `yaml:"media_setup,omitempty" json:"media_setup,omitempty"`
	// Contact is how long reaching the hub may take. 10 s when absent.
	Contact time.Duration `yaml:"contact,omitempty" json:"contact,omitempty"`
	// Idle is how long a citizen may leave a partner's page untouched, and how long a closed room's panel stays lit after
	// a touch. 60 s when absent.
	Idle time.Duration `yaml:"idle,omitempty" json:"idle,omitempty"`
	// Standby is how long an open room's panel stays lit when the presence sensors see nobody. 10 min when absent.
	Standby time.Duration `yaml:"standby,omitempty" json:"standby,omitempty"`
	// Thanks is how long the farewell stays. 8 s when absent.
	Thanks time.Duration `yaml:"thanks,omitempty" json:"thanks,omitempty"`
	// Failure is how long a failure and its telephone number stay. 90 s when absent.
	Failure time.Duration `yaml:"failure,omitempty" json:"failure,omitempty"`
	// Call is the longest call. 2 h when absent.
	Call time.Duration `yaml:"call,omitempty" json:"call,omitempty"`
	// Interruption is how long a call may be without network before it is given up. 30 s when absent.
	Interruption time.Duration `yaml:"interruption,omitempty" json:"interruption,omitempty"`
}

func (l *Limits) setDefaults() {
	*l = Limits{
		MediaSetup:   15 * time.Second,
		Contact:      10 * time.Second,
		Idle:         time.Minute,
		Standby:      10 * time.Minute,
		Thanks:       8 * time.Second,
		Failure:      90 * time.Second,
		Call:         2 * time.Hour,
		Interruption: 30 * time.Second,
	}
}
