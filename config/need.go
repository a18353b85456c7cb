package config

import "slices"

// Group is a group of needs: a large button of the touchscreen's first page.
type Group struct {
	// ID names the group: lower-case letters, digits and hyphens ("health").
	ID string `yaml:"id" json:"id"`
	// Name is what the button says, by language; "fr" is required.
	Name Text `yaml:"name" json:"name"`
	// Icon is the name of one of the touchscreen's icons, as for a partner. "help" when absent.
	Icon string `yaml:"icon,omitempty" json:"icon,omitempty"`
}

func (g *Group) setDefaults() { g.Icon = defaultIcon }

// Need is what a citizen comes for, in the citizen's own plain words, and the partner who sees to it. Advisers are told
// the need that was chosen by its id, so it must say nothing that only one person could have.
type Need struct {
	// ID names the need: lower-case letters, digits and hyphens ("caf-rent").
	ID string `yaml:"id" json:"id"`
	// Group is the id of its group, Partner that of the partner who sees to it.
	Group   string `yaml:"group" json:"group"`
	Partner string `yaml:"partner" json:"partner"`
	// Text is the need in a few words, by language; "fr" is required.
	Text Text `yaml:"text" json:"text"`
}

// What needs may be, so that they can be shown.
const (
	maxGroups    = 6  // fit the first page
	maxNeeds     = 9  // of a group, fit its page
	maxGroupName = 26 // characters, fit a large button
	maxNeedText  = 56 // characters, fit three lines of a button
)

func (d *document) validateNeeds(v Directory) {
	if len(v.Groups) > maxGroups {
		d.report("groups", "has %d groups; the touchscreen's first page has room for %d", len(v.Groups), maxGroups)
	}
	for i, g := range v.Groups {
		at := item("groups", i)
		d.validateID(child(at, "id"), g.ID)
		d.validateUnique("groups", i, g.ID, func(j int) string { return v.Groups[j].ID })
		d.validateTranslations(child(at, "name"), g.Name, maxGroupName)
		if !slices.Contains(icons(), g.Icon) {
			d.report(child(at, "icon"), "%s is not an icon; %s", quoted(g.Icon), instead(g.Icon, icons()))
		}
		if of := count(len(v.NeedsOf(g.ID)), "need"); len(v.NeedsOf(g.ID)) > maxNeeds {
			d.report(at, "has %s; the page of a group has room for %d: move some to another group", of, maxNeeds)
		} else if len(v.NeedsOf(g.ID)) == 0 && g.ID != "" {
			d.report(at, "has no need; give it one under needs, or remove the group")
		}
	}
	groups := ids(v.Groups, func(g Group) string { return g.ID })
	partners := ids(v.Partners, func(p Partner) string { return p.ID })
	for i, n := range v.Needs {
		at := item("needs", i)
		d.validateID(child(at, "id"), n.ID)
		d.validateUnique("needs", i, n.ID, func(j int) string { return v.Needs[j].ID })
		d.validateKnown(child(at, "group"), n.Group, "the id of a group", "groups", groups)
		d.validateKnown(child(at, "partner"), n.Partner, "the id of a partner", "the partner directory", partners)
		d.validateTranslations(child(at, "text"), n.Text, maxNeedText)
	}
}

// validateUnique reports an id of a list that an earlier item has.
func (d *document) validateUnique(list string, i int, id string, of func(int) string) {
	for j := range i {
		if id != "" && of(j) == id {
			d.report(child(item(list, i), "id"), "%q is the id of %s too; expected another one", id, item(list, j))
			return
		}
	}
}

// validateKnown reports an id that is not among those that there are.
func (d *document) validateKnown(at, id, expected, where string, known []string) {
	switch {
	case id == "":
		d.missing(at, expected)
	case !slices.Contains(known, id):
		d.report(at, "%s is not in %s; %s", quoted(id), where, instead(id, known))
	}
}

// ids are those of a list, each once, without the empty ones.
func ids[T any](all []T, id func(T) string) []string {
	var known []string
	for _, v := range all {
		if id(v) != "" && !slices.Contains(known, id(v)) {
			known = append(known, id(v))
		}
	}
	return known
}

// NeedsOf lists the needs of a group, in the order of the file.
func (v Directory) NeedsOf(group string) []Need { return needsOf(v.Needs, group) }

func needsOf(all []Need, group string) []Need {
	var of []Need
	for _, n := range all {
		if n.Group == group {
			of = append(of, n)
		}
	}
	return of
}

// offer gives the booth the needs of its partners, and the groups that have any.
func (b *Booth) offer(v Directory) {
	there := func(n Need) bool {
		return slices.ContainsFunc(b.Partners, func(p Partner) bool { return p.ID == n.Partner })
	}
	b.Needs = only(v.Needs, there)
	b.Groups = only(v.Groups, func(g Group) bool {
		return slices.ContainsFunc(b.Needs, func(n Need) bool { return n.Group == g.ID })
	})
}

// only are those of a list that are kept: the list itself when all are, which the hub has for thousands of sites.
func only[T any](all []T, kept func(T) bool) []T {
	out := func(v T) bool { return !kept(v) }
	if !slices.ContainsFunc(all, out) {
		return slices.Clip(all)
	}
	return slices.DeleteFunc(slices.Clone(all), out)
}

// NeedsOf lists the needs of a group that the booth's partners see to.
func (b *Booth) NeedsOf(group string) []Need { return needsOf(b.Needs, group) }

// Group returns the booth's group of that id.
func (b *Booth) Group(id string) (Group, bool) {
	i := slices.IndexFunc(b.Groups, func(g Group) bool { return g.ID == id })
	if i < 0 {
		return Group{}, false
	}
	return b.Groups[i], true
}

// Need returns the booth's need of that id.
func (b *Booth) Need(id string) (Need, bool) {
	i := slices.IndexFunc(b.Needs, func(n Need) bool { return n.ID == id })
	if i < 0 {
		return Need{}, false
	}
	return b.Needs[i], true
}
