package config

import (
	"time"
	// A booth has no zone files of its own.
	_ "time/tzdata"
)

// Booth is what one booth runs on: its site, and the site's partners in order
// with the site's own telephone numbers and hours already applied.
type Booth struct {
	Site     Site
	Partners []Partner
	// Groups and Needs are those of its partners; Others are the other sites.
	Groups []Group
	Needs  []Need
	Others []OtherSite
	// Location is the site's time zone. Load sets it; where it is nil the site's Timezone is looked up at each use.
	Location *time.Location
}

// newBooth joins a site with its partners of the directory. Both have been validated, also against each other.
func newBooth(site Site, directory Directory) *Booth {
	b := &Booth{Site: site, Others: directory.Sites}
	b.Location = b.location()
	for _, there := range site.Partners {
		for _, p := range directory.Partners {
			if p.ID == there.ID {
				b.Partners = append(b.Partners, there.apply(p))
			}
		}
	}
	b.offer(directory)
	return b
}

// apply returns the partner of the directory with what differs at the site.
func (s SitePartner) apply(p Partner) Partner {
	if s.Phone != "" {
		p.Phone = s.Phone
	}
	if s.Hours != nil {
		p.Hours = s.Hours
	}
	if s.Closed != nil {
		p.Closed = s.Closed
	}
	return p
}

// Partner returns the booth's partner of that id.
func (b *Booth) Partner(id string) (Partner, bool) {
	for _, p := range b.Partners {
		if p.ID == id {
			return p, true
		}
	}
	return Partner{}, false
}

// SiteOpening tells when the room is open.
func (b *Booth) SiteOpening() Opening {
	return Opening{Hours: b.Site.Hours, Closed: b.Site.Closed, Location: b.location()}
}

// PartnerOpening tells when the partner's advisers are there. It knows nothing of the room:
// a citizen reaches a partner when both are open.
func (b *Booth) PartnerOpening(p Partner) Opening {
	return Opening{Hours: p.Hours, Closed: p.Closed, Location: b.location()}
}

func (b *Booth) location() *time.Location {
	if b.Location != nil {
		return b.Location
	}
	name := b.Site.Timezone
	if name == "" {
		name = defaultTimezone
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		// Only a booth made by hand comes here: loading refuses unknown zones.
		return time.UTC
	}
	return location
}
