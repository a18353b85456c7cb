package config

// Source is the text of a file that is not on this machine's disk, and the name that mistakes give it.
type Source struct {
	Name string
	Text []byte
}

// Read is Load for texts: a site and the partner directory. What is wrong in them is an error of type Mistakes.
func Read(site, partners Source) (*Booth, error) {
	return build(parse(site.Name, site.Text), parse(partners.Name, partners.Text), func(*document, Site) {})
}

// ReadChange is Read for a site that is to take the place of another one from afar. It refuses what nobody far away may
// change, because it would cut the booth off with nobody there to mend it: whose booth it is, and where its hub is.
func ReadChange(before Site, site, partners Source) (*Booth, error) {
	return build(parse(site.Name, site.Text), parse(partners.Name, partners.Text), func(d *document, s Site) {
		const enrol = "enrol the booth anew for that"
		if s.ID != "" && s.ID != before.ID {
			d.report("id", "%s is not this site's and cannot be changed from afar; expected %q, or %s", quoted(s.ID), before.ID, enrol)
		}
		if s.Hub != "" && s.Hub != before.Hub {
			d.report("hub", "%s is not where the booth finds its hub, which cannot be changed from afar; expected %q, or %s", quoted(s.Hub), before.Hub, enrol)
		}
	})
}

// build puts a site and the partner directory together; more says what else is wrong with the site.
func build(site, partners *document, more func(*document, Site)) (*Booth, error) {
	s, directory := site.site(), partners.directory()
	if site.root != nil {
		more(site, s)
		if partners.root != nil {
			site.validateReferences(s, directory.Partners)
		}
	}
	if err := join(site.mistakes, partners.mistakes); err != nil {
		return nil, err
	}
	return newBooth(s, directory), nil
}
