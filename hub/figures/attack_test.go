package figures

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"loiret.fr/visioborne/config"
)

// What an attacker has: the published month, the layout, and how a booth counts. What an attacker wants: a secret number.

// layout is the Loiret's.
func layout(t testing.TB) config.Grid {
	t.Helper()
	g, err := config.DefaultGrid()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// fine is a layout that says as much as one can say: every word by partner, and sums of them.
func fine(t testing.TB) config.Grid {
	t.Helper()
	g := layout(t)
	for i := range g.Rows {
		if g.Rows[i].Kind == config.RowCounts && !strings.HasPrefix(g.Rows[i].ID, "sessions") {
			g.Rows[i].By = config.ByPartner
		}
	}
	g.Rows = append(g.Rows, config.GridRow{ID: "echecs", Title: "Échecs", Kind: config.RowCounts, By: config.ByPartner, Counts: []string{"failed_*"}},
		config.GridRow{ID: "attentes", Title: "Attentes", Kind: config.RowCounts, By: config.BySite, Counts: []string{"wait_*"}},
		config.GridRow{ID: "abouti-ou-non", Title: "Pris ou abandonnés", Kind: config.RowCounts, By: config.ByPartner, Counts: []string{"call_answered", "call_abandoned"}})
	return g
}

var (
	somePartners = []string{"caf", "cpam", "carsat", "adil", "cdad"}
	someSites    = []string{"beaune", "gien", "jargeau", "lorris", "patay", "pithiviers"}
)

// month is a month's happenings at random: some sites and partners see many people, others hardly anybody.
func month(seed uint64, sites, partners []string, visits int) []Count {
	rng := rand.New(rand.NewPCG(seed, 1))
	sums := map[Count]int{}
	var calls []happening
	for _, h := range happenings(nil) {
		if !h.sited && !slices.ContainsFunc(h.words, func(w string) bool {
			return slices.ContainsFunc([]string{"poor_", "setup_", "helped_"}, func(p string) bool { return strings.HasPrefix(w, p) })
		}) {
			calls = append(calls, h)
		}
	}
	add := func(site, partner string, words ...string) {
		for _, w := range words {
			sums[Count{Site: site, Partner: partner, What: w}]++
		}
	}
	skewed := func(n int) int { return int(float64(n) * rng.Float64() * rng.Float64()) }
	for range visits {
		site := sites[skewed(len(sites))]
		language := "language_fr"
		switch rng.IntN(40) {
		case 0, 1:
			language = "language_en"
		case 2:
			language = "language_ar"
		}
		begun := "session_touch"
		if rng.IntN(6) == 0 {
			begun = "session_presence"
		}
		add(site, "", "session", begun, language)
		h := calls[rng.IntN(len(calls))]
		if rng.IntN(3) > 0 { // most calls are answered
			h = happening{words: []string{"call_wanted", "call_answered", "wait_under_1_min", "talk_5_to_15_min"}}
		}
		partner := partners[skewed(len(partners))]
		add(site, partner, h.words...)
		if slices.Contains(h.words, "talk_5_to_15_min") && rng.IntN(3) == 0 { // and some say how it was
			add(site, partner, []string{"helped_yes", "helped_partly", "helped_no"}[skewed(3)])
			if rng.IntN(4) > 0 {
				add(site, partner, []string{"quality_good", "quality_poor"}[skewed(2)])
			}
		}
		add(site, "", HandWord("visites"))
		if rng.IntN(4) == 0 {
			add(site, "", HandWord("theme-droit"))
		}
		if rng.IntN(40) == 0 {
			add(site, "", config.WordOpen)
		}
	}
	var counts []Count
	for c, n := range sums {
		c.N = n
		counts = append(counts, c)
	}
	return sortCounts(counts)
}

// unknowns are an attacker's variables: each word at each site and partner, and what is
// between the two sides of a law.
type unknowns struct {
	names []string
	index map[string]int
}

func (u *unknowns) of(name string) int {
	i, ok := u.index[name]
	if !ok {
		i = len(u.names)
		u.index[name] = i
		u.names = append(u.names, name)
	}
	return i
}

// equation: the sum of the terms is n.
type equation struct {
	terms map[int]int
	n     int
}

// knowledge is all that an attacker has of some months: published numbers, and laws. A secret is the sum that a cell hides.
func knowledge(layout config.Grid, withLaws bool, months ...Month) (*unknowns, []equation, []map[int]int, []string) {
	u := &unknowns{index: map[string]int{}}
	words := config.CountWords()
	for _, r := range layout.Rows {
		if r.Kind == config.RowHand {
			words = append(words, HandWord(r.ID))
		}
	}
	var all []equation
	var secrets []map[int]int
	var names []string
	for _, m := range months {
		at := func(site, partner, word string) int { return u.of(m.Month + "/" + site + "/" + partner + "/" + word) }
		partners := append(slices.Clone(m.Partners), "")
		for _, r := range m.Rows {
			i := slices.IndexFunc(layout.Rows, func(l config.GridRow) bool { return l.ID == r.ID })
			if i < 0 || layout.Rows[i].Kind == config.RowPromised {
				continue
			}
			for s, cells := range r.Cells {
				for q, c := range cells {
					e := equation{terms: map[int]int{}, n: max(0, int(c))}
					for s2, site := range m.Sites {
						for q2, partner := range partners {
							inSite := s == s2 || s == len(m.Sites)
							inPartner := q == q2 && q < len(cells)-1 || q == len(cells)-1
							if !inSite || !inPartner {
								continue
							}
							for _, w := range words {
								hand := layout.Rows[i].Kind == config.RowHand && w == HandWord(r.ID)
								if layout.Rows[i].Counted(w) || hand {
									e.terms[at(site, partner, w)]++
								}
							}
						}
					}
					if c == Secret {
						secrets = append(secrets, e.terms)
						names = append(names, fmt.Sprintf("%s %s site %d column %d", m.Month, r.ID, s, q))
						continue
					}
					all = append(all, e)
				}
			}
		}
		if !withLaws {
			continue
		}
		for _, site := range m.Sites {
			for _, partner := range partners {
				sum := func(pattern string, sign int, into map[int]int) {
					for _, w := range words {
						if (config.GridRow{Kind: config.RowCounts, Counts: []string{pattern}}).Counted(w) {
							into[at(site, partner, w)] += sign
						}
					}
				}
				for _, same := range [][2][]string{
					{{"phone_shown"}, {"failed_*"}}, {{"session"}, {"language_*"}}, {{"session"}, {"session_*"}},
				} {
					e := equation{terms: map[int]int{}}
					sum(same[0][0], 1, e.terms)
					sum(same[1][0], -1, e.terms)
					all = append(all, e)
				}
				for i, l := range laws() {
					e := equation{terms: map[int]int{at(site, partner, fmt.Sprint("between ", i)): -1}}
					for _, w := range l[0] {
						sum(w, 1, e.terms)
					}
					for _, w := range l[1] {
						sum(w, -1, e.terms)
					}
					all = append(all, e)
				}
			}
		}
	}
	return u, all, secrets, names
}

// solve is the attack by linear algebra: which secrets are sums of what is known? It reckons modulo a prime.
func solve(u *unknowns, known []equation, secrets []map[int]int) (solved []int) {
	const prime = 1<<31 - 1
	mod := func(n int) int { return ((n % prime) + prime) % prime }
	inverse := func(a int) int {
		result, e := 1, prime-2
		for a = mod(a); e > 0; e >>= 1 {
			if e&1 == 1 {
				result = result * a % prime
			}
			a = a * a % prime
		}
		return result
	}
	pivots := map[int][]int{} // by variable: a row whose first entry is there
	reduce := func(terms map[int]int) ([]int, int) {
		row := make([]int, len(u.names))
		for v, k := range terms {
			row[v] = mod(k)
		}
		for v := range row {
			if row[v] == 0 {
				continue
			}
			by, ok := pivots[v]
			if !ok {
				return row, v
			}
			k := row[v]
			for i := v; i < len(row); i++ {
				if by[i] != 0 {
					row[i] = mod(row[i] - k*by[i]%prime)
				}
			}
		}
		return row, -1
	}
	for _, e := range known {
		row, v := reduce(e.terms)
		if v < 0 {
			continue
		}
		k := inverse(row[v])
		for i := range row {
			row[i] = row[i] * k % prime
		}
		pivots[v] = row
	}
	for i, s := range secrets {
		if _, v := reduce(s); v < 0 {
			solved = append(solved, i)
		}
	}
	return solved
}

// squeeze is the attack by bounds: no count is negative, so each sum bounds its parts, again and again. It returns the
// least and the most that each secret can be.
func squeeze(u *unknowns, known []equation, secrets []map[int]int) [][2]int {
	const far = 1 << 40
	all := slices.Clone(known)
	low, high := make([]int, len(u.names)+len(secrets)), make([]int, len(u.names)+len(secrets))
	for i := range high {
		high[i] = far
	}
	for i, s := range secrets {
		terms := maps.Clone(s)
		terms[len(u.names)+i] = -1
		all = append(all, equation{terms: terms})
	}
	for range 60 {
		changed := false
		for _, e := range all {
			// What the other terms can be at least and at most bounds each.
			least, most := 0, 0
			for v, k := range e.terms {
				least, most = least+min(k*low[v], k*high[v]), most+max(k*low[v], k*high[v])
			}
			for v, k := range e.terms {
				rest := [2]int{e.n - (most - max(k*low[v], k*high[v])), e.n - (least - min(k*low[v], k*high[v]))}
				if k < 0 {
					rest[0], rest[1] = -rest[1], -rest[0]
				}
				k = max(k, -k)
				if up := -floorDiv(-rest[0], k); rest[0] > -far/2 && up > low[v] {
					low[v], changed = up, true
				}
				if down := floorDiv(rest[1], k); rest[1] < far/2 && down < high[v] {
					high[v], changed = down, true
				}
			}
		}
		if !changed {
			break
		}
	}
	out := make([][2]int, len(secrets))
	for i := range secrets {
		out[i] = [2]int{low[len(u.names)+i], high[len(u.names)+i]}
	}
	return out
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// prove publishes a month and looks at the worlds that the protection rests on: each must give the very same published
// numbers, break nothing that always holds, and have the secret cell at 1 or at the threshold.
func prove(t testing.TB, layout config.Grid, sites, partners []string, alone bool, counts []Count) (Month, *protector) {
	t.Helper()
	m, p := proveAny(t, layout, sites, partners, alone, counts)
	for _, proof := range p.proofs {
		// The words of a call are still together.
		for i, c := range proof.counts {
			for _, same := range [][2]string{{"phone_shown", "failed_*"}, {"session", "language_*"}, {"session", "session_*"}} {
				difference := func(counts []int) int { return sum(weigh([2][]string{{same[0]}, {same[1]}}, p.words), counts) }
				if difference(p.counts[i]) == 0 && difference(c) != 0 {
					t.Fatalf("a world of row %s parts %s from %s", p.rows[proof.row].ID, same[0], same[1])
				}
			}
			for l, weights := range p.laws {
				if sum(weights, p.counts[i]) >= 0 && sum(weights, c) < 0 {
					t.Fatalf("a world of row %s breaks law %d", p.rows[proof.row].ID, l)
				}
			}
		}
	}
	return m, p
}

// proveAny does so for counts that may be such as no booth makes.
func proveAny(t testing.TB, layout config.Grid, sites, partners []string, alone bool, counts []Count) (Month, *protector) {
	t.Helper()
	m, p, err := publish(layout, "2026-10", sites, partners, alone, counts, true)
	if err != nil {
		t.Fatal(err)
	}
	small := 0
	for r := range p.rows {
		for s := range p.sites + 1 {
			for q := range p.all + 1 {
				at := p.at(r, s, q)
				if p.open[at] && !p.hidden[at] && p.people(r) && p.n[at] > 0 && p.n[at] < p.threshold {
					t.Fatalf("%d people are published in row %s", p.n[at], p.rows[r].ID)
				}
				if p.open[at] && p.people(r) && p.small(at) {
					small++
				}
			}
		}
	}
	if len(p.proofs) != 2*small {
		t.Fatalf("%d proofs of %d small numbers", len(p.proofs), small)
	}
	for r, row := range m.Rows {
		for s, cells := range row.Cells {
			for i, c := range cells {
				q := i
				if i == len(cells)-1 {
					q = p.all
				}
				if at := p.at(r, s, q); p.hidden[at] != (c == Secret) || c >= 0 && p.rows[r].Kind != config.RowPromised && int(c) != p.n[at] || c == Absent && p.n[at] != 0 {
					t.Fatalf("row %s: %d is published as %d, hidden %v", row.ID, p.n[at], c, p.hidden[at])
				}
			}
		}
	}
	for _, proof := range p.proofs {
		world := slices.Clone(p.counts)
		for i, c := range proof.counts {
			world[i] = c
			if slices.Min(c) < 0 {
				t.Fatalf("a world of row %s has a negative count", p.rows[proof.row].ID)
			}
		}
		n := p.tables(world)
		for at := range n {
			if p.open[at] && !p.hidden[at] && n[at] != p.n[at] {
				t.Fatalf("a world of row %s changes a published number from %d to %d", p.rows[proof.row].ID, p.n[at], n[at])
			}
			if n[at] < 0 {
				t.Fatal("a world has a negative number")
			}
		}
		at := p.at(proof.row, proof.site, proof.partner)
		want := 1
		if proof.direction > 0 {
			want = p.threshold
		}
		if n[at] != want {
			t.Fatalf("row %s, site %d, partner %d: %d, and %d in another world; expected %d", p.rows[proof.row].ID, proof.site, proof.partner, p.n[at], n[at], want)
		}
	}
	return m, p
}

// attack tries to compute secrets back from months.
func attack(t testing.TB, layout config.Grid, withLaws bool, months ...Month) (secrets int) {
	t.Helper()
	u, known, hidden, names := knowledge(layout, withLaws, months...)
	for _, i := range solve(u, known, hidden) {
		t.Errorf("%s is a sum of what is published", names[i])
	}
	for i, bounds := range squeeze(u, known, hidden) {
		if bounds[0] == bounds[1] {
			t.Errorf("%s can only be %d", names[i], bounds[0])
		}
	}
	return len(hidden)
}

func TestNoSecretCanBeComputed(t *testing.T) {
	for _, c := range []struct {
		name   string
		layout func(testing.TB) config.Grid
		visits int
	}{{"the Loiret's grid", layout, 900}, {"a quiet month", layout, 60}, {"as fine as can be", fine, 400}, {"hardly anybody", fine, 5}} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(3) {
				l := c.layout(t)
				m, _ := prove(t, l, someSites[:4], somePartners[:3], false, month(seed, someSites[:4], somePartners[:3], c.visits))
				secrets := attack(t, l, true, m)
				published, all := tally(m)
				t.Logf("seed %d: %d of %d cells are published, %d are secret", seed, published, all, secrets)
			}
		})
	}
}

func tally(m Month) (published, all int) {
	for _, r := range m.Rows {
		for _, cells := range r.Cells {
			for _, c := range cells {
				if all++; c != Secret {
					published++
				}
			}
		}
	}
	return published, all
}

// The whole Loiret, thirteen sites and five partners, at the size of a real month: proofs, and the plain attacks by totals.
func TestTheLoiret(t *testing.T) {
	sites := make([]string, 13)
	for i := range sites {
		sites[i] = fmt.Sprintf("site-%02d", i)
	}
	l := layout(t)
	m, _ := prove(t, l, sites, somePartners, false, month(7, sites, somePartners, 3000))
	byTotals(t, m)
	published, all := tally(m)
	t.Logf("%d of %d cells are published", published, all)
	if published*10 < all*5 {
		t.Errorf("only %d of %d cells are published: nobody can work with that", published, all)
	}
	for _, r := range m.Rows {
		if r.ID == "demandes" || r.ID == "aboutis" || r.ID == "visites" || r.ID == "sessions" {
			if c := r.Cells[len(sites)]; c[len(c)-1] == Secret {
				t.Errorf("the Département's total of %s is secret", r.ID)
			}
		}
	}
}

// byTotals subtracts what is published in each row and column from its total: site versus Département, partner versus all.
func byTotals(t *testing.T, m Month) {
	t.Helper()
	for _, r := range m.Rows {
		if r.Unit != UnitCount {
			continue
		}
		line := func(what string, cells []Cell) {
			if hidden := secretsIn(cells); hidden == 1 {
				t.Errorf("%s of %s has one secret, which its total gives away: %v", what, r.ID, cells)
			}
		}
		for s, cells := range r.Cells {
			if len(cells) > 1 {
				line(fmt.Sprint("site ", s), cells)
			}
		}
		for q := range r.Cells[0] {
			var column []Cell
			for _, cells := range r.Cells {
				column = append(column, cells[q])
			}
			line(fmt.Sprint("column ", q), column)
		}
	}
}

func secretsIn(cells []Cell) int {
	n := 0
	for _, c := range cells {
		if c == Secret {
			n++
		}
	}
	return n
}

// Known weak spots of cell suppression, in the smallest tables that have them.
func TestSmallTables(t *testing.T) {
	l := config.Grid{Threshold: 5, PromisedHours: 24, Rows: []config.GridRow{
		{ID: "demandes", Title: "Demandes", Kind: config.RowCounts, By: config.ByPartner, Counts: []string{"call_wanted"}},
		{ID: "aboutis", Title: "Aboutis", Kind: config.RowCounts, By: config.ByPartner, Counts: []string{"call_answered"}},
		{ID: "abandons", Title: "Abandons", Kind: config.RowCounts, By: config.ByPartner, Counts: []string{"call_abandoned"}},
	}}
	answered := func(site, partner string, n int) []Count {
		return []Count{{site, partner, "call_wanted", n}, {site, partner, "call_answered", n}, {site, partner, "wait_under_1_min", n}, {site, partner, "talk_5_to_15_min", n}}
	}
	abandoned := func(site, partner string, n int) []Count {
		return []Count{{site, partner, "call_wanted", n}, {site, partner, "call_abandoned", n}, {site, partner, "wait_under_1_min", n}}
	}
	for _, c := range []struct {
		name   string
		counts []Count
	}{
		{"one person in all", answered("gien", "caf", 1)},
		{"one person at one of two sites", slices.Concat(answered("gien", "caf", 1), answered("patay", "caf", 80))},
		{"two ones that make two", slices.Concat(answered("gien", "caf", 1), answered("gien", "cpam", 1))},
		{"two fours that make eight", slices.Concat(answered("gien", "caf", 4), answered("patay", "caf", 4))},
		{"a small number beside none", slices.Concat(answered("gien", "caf", 3), answered("patay", "cpam", 50))},
		{"the difference of two rows", slices.Concat(answered("gien", "caf", 40), abandoned("gien", "caf", 2), answered("patay", "caf", 30))},
		{"everywhere the same", slices.Concat(answered("gien", "caf", 2), answered("gien", "cpam", 2), answered("patay", "caf", 2), answered("patay", "cpam", 2))},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := prove(t, l, []string{"gien", "patay"}, []string{"caf", "cpam"}, false, c.counts)
			if attack(t, l, true, m) == 0 {
				t.Error("nothing is secret")
			}
			byTotals(t, m)
		})
	}
}

// What an agent has not written is 0 for whoever knows it; so it can be secret too.
func TestWhatNobodyWroteGivesNothingAway(t *testing.T) {
	sites := []string{"gien", "patay", "lorris"}
	counts := []Count{{"gien", "", HandWord("visites"), 3}, {"lorris", "", HandWord("visites"), 50}}
	l := layout(t)
	m, _ := prove(t, l, sites, somePartners, false, counts)
	if attack(t, l, true, m) == 0 {
		t.Error("nothing is secret")
	}
	byTotals(t, m)
}

// Two months beside each other, last year's column and the year so far say no more than each month by itself.
func TestDifferencesOfMonths(t *testing.T) {
	l := layout(t)
	h := History{}
	var months []Month
	for i, name := range []string{"2025-03", "2026-01", "2026-02", "2026-03"} {
		m, _ := prove(t, l, someSites[:3], somePartners[:3], false, month(uint64(20+i), someSites[:3], somePartners[:3], 250))
		m.Month = name
		h[name] = m
		months = append(months, m)
	}
	attack(t, l, true, months...)
	for _, of := range []struct {
		view View
		id   string
	}{{ViewDepartment, ""}, {ViewSites, ""}, {ViewSite, "gien"}, {ViewPartner, "caf"}} {
		g, err := h.Grid("2026-03", of.view, of.id)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range g.Rows {
			site, partner := "", ""
			if of.view == ViewSite {
				site = of.id
			} else if of.view == ViewPartner {
				partner = of.id
			}
			if strings.HasPrefix(r.ID, "theme-") || r.ID == "visites" {
				continue // written by some
			}
			sum, secret := 0, false
			for _, m := range months[1:] {
				c, ok := m.cell(r.ID, site, partner)
				if !ok || c == Absent {
					t.Fatalf("%s %s is not there", of.view, r.ID)
				}
				secret = secret || c == Secret
				sum += int(c)
			}
			year := r.Values[len(r.Values)-1]
			if secret != (year.State == StateSecret) || !secret && year.N != sum {
				t.Errorf("%s %s: the year is %+v, its months %d, secret %v", of.view, r.ID, year, sum, secret)
			}
			before, _ := months[0].cell(r.ID, site, partner)
			now, _ := months[3].cell(r.ID, site, partner)
			if change := r.Values[len(r.Values)-2]; (before == Secret || now == Secret) && change.State == StateNumber {
				t.Errorf("%s %s: the change gives a secret away", of.view, r.ID)
			}
		}
	}
}

// A site that came too late has a table of its own, with nothing of it in the others.
func TestALateSite(t *testing.T) {
	l := layout(t)
	counts := month(30, someSites[:4], somePartners[:3], 300)
	all, _ := prove(t, l, someSites[:3], somePartners[:3], false, counts)
	late, _ := prove(t, l, someSites[3:4], somePartners[:3], true, counts)
	attack(t, l, true, all, late)
	for _, r := range late.Rows {
		if len(r.Cells) != 1 {
			t.Fatalf("row %s of a site alone has %d sites", r.ID, len(r.Cells))
		}
	}
	without, err := Publish(l, "2026-10", someSites[:3], somePartners[:3], false, slices.DeleteFunc(slices.Clone(counts), func(c Count) bool { return c.Site == someSites[3] }))
	if err != nil {
		t.Fatal(err)
	}
	if same := equal(t, all, without); !same {
		t.Error("the late site changes the others' tables")
	}
}

func equal(t *testing.T, a, b Month) bool {
	t.Helper()
	x, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(x, y)
}

// The same counts give the same table in whatever order they come: two exports have no difference.
func TestPublishingTwice(t *testing.T) {
	l := layout(t)
	counts := month(40, someSites, somePartners, 200)
	first, err := Publish(l, "2026-10", someSites, somePartners, false, counts)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(5) {
		rand.New(rand.NewPCG(seed, 2)).Shuffle(len(counts), func(i, j int) { counts[i], counts[j] = counts[j], counts[i] })
		again, err := Publish(l, "2026-10", someSites, somePartners, false, counts)
		if err != nil {
			t.Fatal(err)
		}
		if !equal(t, first, again) {
			t.Fatal("another order gives another table")
		}
	}
}

// The attacks themselves: without the protection they find what they should.
func TestTheAttacksWork(t *testing.T) {
	l := config.Grid{Threshold: 5, PromisedHours: 24, Rows: []config.GridRow{
		{ID: "demandes", Title: "Demandes", Kind: config.RowCounts, By: config.ByPartner, Counts: []string{"call_wanted"}},
	}}
	naive := Month{Month: "2026-10", Threshold: 5, Sites: []string{"gien", "patay"}, Partners: []string{"caf", "cpam"}, Rows: []Row{
		{ID: "demandes", Unit: UnitCount, Partners: true, Cells: [][]Cell{{Secret, 20, 23}, {30, 40, 70}, {33, 60, 93}}},
	}}
	u, known, secrets, _ := knowledge(l, false, naive)
	if got := solve(u, known, secrets); len(got) != 1 {
		t.Errorf("linear algebra finds %d secrets of one", len(got))
	}
	if got := squeeze(u, known, secrets); got[0][0] != 3 && got[0][1] != 3 {
		t.Errorf("bounds find %v, expected 3", got)
	}
	// Suppressed by the textbook's pattern, but to no avail: the four sum to what only ones can make.
	naive.Rows[0].Cells = [][]Cell{{Secret, Secret, 0}, {Secret, Secret, 70}, {30, 40, 70}}
	u, known, secrets, _ = knowledge(l, false, naive)
	for _, b := range squeeze(u, known, secrets)[:2] {
		if b != [2]int{0, 0} {
			t.Errorf("bounds find %v, expected 0", b)
		}
	}
}

// FuzzProtect makes tables of any counts, also of such as no booth makes.
func FuzzProtect(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, uint8(2), uint8(2))
	f.Add([]byte{0, 0, 1, 1, 1, 1, 200, 3, 3, 3}, uint8(3), uint8(1))
	f.Add(bytes.Repeat([]byte{1, 7, 2}, 30), uint8(1), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, sites, partners uint8) {
		l := fine(t)
		s, q := someSites[:1+sites%3], somePartners[:1+partners%3]
		words := append(config.CountWords(), HandWord("visites"), "unheard_of")
		var counts []Count
		for i := 0; i+2 < len(data) && i < 150; i += 3 {
			c := Count{Site: s[int(data[i])%len(s)], Partner: q[int(data[i])/len(s)%len(q)], What: words[int(data[i+1])%len(words)], N: int(data[i+2]) % 9}
			if data[i]%7 == 0 {
				c.Partner = ""
			}
			counts = append(counts, c)
		}
		m, _ := proveAny(t, l, s, q, len(s) == 1 && len(data)%2 == 0, counts)
		attack(t, l, false, m)
	})
}
