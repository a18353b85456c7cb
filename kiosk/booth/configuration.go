package booth

import "loiret.fr/visioborne/config"

// Configuration is where the site's configuration stands between booth and hub. The numbers are the hub's; 0 is none.
type Configuration struct {
	// Version is in force. 0 while the hub has not told.
	Version int
	// Waiting is one that waits until nobody is there.
	Waiting int
	// Refused is one that this booth cannot use, and Why what is wrong with it.
	Refused int
	Why     string
	// Coming is the next change that is announced; nil when none is.
	Coming *Coming
}

type (
	// ConfigurationTold: the configuration that the booth has is the one that the hub wants; its number is Version.
	ConfigurationTold struct{ Version int }
	// ConfigurationReceived: the hub wants another one, and the booth can use it. Restart: it takes a new start of the
	// service, because devices or the line's limits are others.
	ConfigurationReceived struct {
		Version int
		Config  *config.Booth
		Restart bool
	}
	// ConfigurationRefused: the hub wants one that the booth cannot use; the one in force stays.
	ConfigurationRefused struct {
		Version int
		Why     string
	}
	// ConfigurationAnnounced: a change is announced; nil when none is.
	ConfigurationAnnounced struct{ Coming *Coming }
)

func (ConfigurationTold) isEvent()      {}
func (ConfigurationReceived) isEvent()  {}
func (ConfigurationRefused) isEvent()   {}
func (ConfigurationAnnounced) isEvent() {}

// applied: what waited is in force.
func (c *Configuration) applied() {
	if c.Waiting != 0 {
		c.Version, c.Waiting = c.Waiting, 0
	}
}

func (n *stepping) configurationTold(e ConfigurationTold) {
	c := &n.Configuration
	c.Refused, c.Why = 0, ""
	if c.Waiting == 0 {
		c.Version = e.Version
	}
}

// configurationReceived applies it once nobody is there. The kept files are what a restart goes by, so nothing else is
// carried over to it.
func (n *stepping) configurationReceived(e ConfigurationReceived) {
	c := &n.Configuration
	c.Refused, c.Why, c.Waiting = 0, "", e.Version
	if e.Restart {
		n.State.Next = nil
		n.restart(true)
		return
	}
	n.State.Next = e.Config
	n.applyNext()
}

// coming is the first of what is announced.
func (s State) coming() *Coming {
	update, own := s.Coming, s.Configuration.Coming
	if update == nil || own != nil && own.From.Before(update.From) {
		return own
	}
	return update
}
