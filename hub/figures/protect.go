package figures

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"

	"loiret.fr/visioborne/config"
)

// The tables of a month are one solid: rows by sites by partners, with margins
// for the Département and for all partners. A cell of 1 to threshold-1 people is
// secret. Others become secret beside it until there are, for each such cell,
// two other worlds in which every number that is published is the same, no
// number is negative, and the cell is at most 1 in one and at least the threshold
// in the other. Who knows all that is published then knows of the cell no more
// than that it is small, or was hidden for another's sake.
//
// A world is made by moves. A move lets something happen once more at one site
// and partner, and undoes the difference: at the margins, which then are secret
// too, or by the opposite at another site, or another partner, or both. What
// happens once more may stand in the place of something else (a call was shorter
// than it was), so that fewer rows change. Of all moves the one that hides least is taken,
// step by step.
type protector struct {
	threshold        int
	rows             []config.GridRow
	sites, all, none int // the number of sites, the column of all partners, and that of none
	alone            bool
	words            []string
	counts           [][]int // by site*(all) + partner, by word
	rowsOf           [][]int // by word: the rows that add it up
	laws             [][]int // by word; see weigh
	n                []int   // by at(): the true number
	hidden           []bool
	open             []bool    // published in principle: hidden tells whether it is
	moves            [2][]move // of happenings, and of single words
	prove            bool
	proofs           []proof // with prove
}

// move changes rows by impact in the cell where it is made. Its variants have the same impact by other words.
type move struct {
	impact   map[int]int
	rows     []int
	variants []variant
}

type variant struct {
	words []term // in the order of the words
	sited bool
	laws  []term // by how much it changes the laws' sums; none for a single word, which keeps no law
}

// term is a number of something, by its index.
type term struct{ of, by int }

// proof is another world: counts that differ from the true ones in some cells.
type proof struct {
	row, site, partner, direction int
	counts                        map[int][]int
}

// What bounds the work.
const (
	// movesAtMost is how many moves are looked at first; all are when none of these is possible.
	movesAtMost = 80
	// othersAtMost is how many other sites are looked at for each step.
	othersAtMost = 24
)

func newProtector(layout config.Grid, sites, partners []string, alone bool, counts []Count) *protector {
	p := &protector{
		threshold: layout.Threshold, rows: layout.Rows, sites: len(sites), none: len(partners), all: len(partners) + 1, alone: alone,
	}
	p.words = config.CountWords()
	for _, r := range layout.Rows {
		if r.Kind == config.RowHand {
			p.words = append(p.words, HandWord(r.ID))
		}
	}
	for _, c := range counts {
		if !slices.Contains(p.words, c.What) {
			p.words = append(p.words, c.What)
		}
	}
	slices.Sort(p.words)
	p.counts = make([][]int, p.sites*p.all)
	for i := range p.counts {
		p.counts[i] = make([]int, len(p.words))
	}
	for _, c := range counts {
		s, q := slices.Index(sites, c.Site), slices.Index(partners, c.Partner)
		if c.Partner == "" {
			q = p.none
		}
		if w, ok := slices.BinarySearch(p.words, c.What); ok && s >= 0 && q >= 0 {
			p.counts[s*p.all+q][w] += c.N
		}
	}
	p.rowsOf = make([][]int, len(p.words))
	for w, word := range p.words {
		for r, row := range p.rows {
			if row.Counted(word) || row.Kind == config.RowHand && word == HandWord(row.ID) {
				p.rowsOf[w] = append(p.rowsOf[w], r)
			}
		}
	}
	for _, l := range laws() {
		p.laws = append(p.laws, weigh(l, p.words))
	}
	p.n = p.tables(p.counts)
	p.hidden, p.open = make([]bool, len(p.n)), make([]bool, len(p.n))
	for r, row := range p.rows {
		for s := range p.sites + 1 {
			for q := range p.all + 1 {
				p.open[p.at(r, s, q)] = (q == p.all || q != p.none && row.By == config.ByPartner) && !(p.alone && s == p.sites)
			}
		}
	}
	return p
}

// at is the index of a cell; site p.sites is the Département, partner p.all are all.
func (p *protector) at(row, site, partner int) int {
	return (row*(p.sites+1)+site)*(p.all+1) + partner
}

// tables adds counts up to all cells, margins included.
func (p *protector) tables(counts [][]int) []int {
	n := make([]int, len(p.rows)*(p.sites+1)*(p.all+1))
	for s := range p.sites {
		for q := range p.all {
			for w, k := range counts[s*p.all+q] {
				for _, r := range p.rowsOf[w] {
					n[p.at(r, s, q)] += k
					n[p.at(r, s, p.all)] += k
					n[p.at(r, p.sites, q)] += k
					n[p.at(r, p.sites, p.all)] += k
				}
			}
		}
	}
	return n
}

// people tells whether a row counts people: hours do not.
func (p *protector) people(row int) bool {
	k := p.rows[row].Kind
	return k == config.RowCounts || k == config.RowHand
}

func (p *protector) small(cell int) bool { return p.n[cell] > 0 && p.n[cell] < p.threshold }

type target struct{ row, site, partner int }

// run hides what must be hidden.
func (p *protector) run() {
	var targets []target
	for r := range p.rows {
		if !p.people(r) {
			continue
		}
		for s := range p.sites + 1 {
			for q := range p.all + 1 {
				if at := p.at(r, s, q); p.open[at] && p.small(at) {
					p.hidden[at] = true
					targets = append(targets, target{r, s, q})
				}
			}
		}
	}
	// Margins first: what they hide serves the others.
	rank := func(t target) int {
		switch {
		case t.site == p.sites && t.partner == p.all:
			return 0
		case t.site == p.sites:
			return 1
		case t.partner == p.all:
			return 2
		}
		return 3
	}
	slices.SortStableFunc(targets, func(a, b target) int { return cmp.Compare(rank(a), rank(b)) })
	for _, t := range targets {
		n := p.n[p.at(t.row, t.site, t.partner)]
		p.walk(t, -1, n-1)
		p.walk(t, +1, p.threshold-n)
	}
}

// step is a move in its place. corners has up to four cells; those at margins have no counts of their own.
type step struct {
	move          *move
	site, partner int // where it happens
	other, beside int // where the opposite does: p.sites and p.all when the margins take it
}

// walk makes another world, steps moves away from the true one, and hides what is not the same in it.
func (p *protector) walk(t target, direction, steps int) {
	world := map[int][]int{}
	var last *step
	for range steps {
		if last != nil && p.possible(*last, direction, world, true) {
			continue // hidden already
		}
		best, cost := step{}, -1
		for _, reach := range []reach{reachNear, reachAll, reachLoose} {
			here := func(s step) bool { return p.possible(s, direction, world, false) }
			p.each(t, reach, here, func(s step) bool {
				c := p.cost(s)
				if (cost < 0 || c < cost) && p.possible(s, direction, world, false) {
					best, cost = s, c
				}
				return cost != 0
			})
			if cost >= 0 {
				break
			}
		}
		if cost < 0 {
			break // nothing is left that could be less
		}
		p.hide(best)
		p.possible(best, direction, world, true)
		last = &best
	}
	if p.prove {
		p.proofs = append(p.proofs, proof{t.row, t.site, t.partner, direction, world})
	}
}

// reach is how far moves are looked for.
type reach int

const (
	reachNear  reach = iota // those that change fewest rows
	reachAll                // all that can happen
	reachLoose              // single words: for counts that cannot have come from what happens
)

// each goes through the moves that change a cell by one, where they are possible here, until f says that it is enough.
func (p *protector) each(t target, reach reach, here, f func(step) bool) {
	sites, partners := []int{t.site}, []int{t.partner}
	others, besides := p.others(t), []int{p.all}
	if t.site == p.sites {
		sites, others = seq(p.sites), []int{p.sites}
	}
	if t.partner == p.all {
		partners = seq(p.all)
	} else {
		for q := range p.none {
			if q != t.partner {
				besides = append(besides, q)
			}
		}
	}
	moves := p.movesOf(t.row, reach)
	for i := range moves {
		m := &moves[i]
		sited := m.variants[0].sited
		for _, q := range partners {
			if reach != reachLoose && sited != (q == p.none) {
				continue
			}
			for _, s := range sites {
				if !here(step{m, s, q, p.sites, p.all}) { // margins have no counts of their own
					continue
				}
				for _, other := range others {
					for _, beside := range besides {
						if beside != p.all && sited {
							continue
						}
						if !f(step{m, s, q, other, beside}) {
							return
						}
					}
				}
			}
		}
	}
}

// others are the Département's margin and other sites, those first in which more is hidden already.
func (p *protector) others(t target) []int {
	var all []int
	for s := range p.sites {
		if s != t.site {
			all = append(all, s)
		}
	}
	score := func(s int) int {
		n := 0
		for r := range p.rows {
			if at := p.at(r, s, t.partner); p.hidden[at] {
				n++
			}
		}
		if p.hidden[p.at(t.row, s, t.partner)] {
			n += len(p.rows)
		}
		return n
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(score(b), score(a)) })
	return append([]int{p.sites}, all[:min(len(all), othersAtMost)]...)
}

func seq(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// corners calls f with the four cells of a step and the sign of the change there.
func (p *protector) corners(s step, f func(site, partner, sign int)) {
	bySite, byPartner := -1, -1
	if s.other == p.sites {
		bySite = 1
	}
	if s.beside == p.all {
		byPartner = 1
	}
	f(s.site, s.partner, 1)
	f(s.other, s.partner, bySite)
	f(s.site, s.beside, byPartner)
	f(s.other, s.beside, bySite*byPartner)
}

// cost is what is lost to readers by a step: large numbers and margins are worth most.
func (p *protector) cost(s step) int {
	cost := 0
	p.corners(s, func(site, partner, _ int) {
		worth := 1
		if partner == p.all {
			worth *= 6
		}
		if site == p.sites {
			worth *= 20
		}
		for _, r := range s.move.rows {
			if at := p.at(r, site, partner); p.open[at] && !p.hidden[at] {
				cost += worth * (2 + bits.Len(uint(p.n[at])))
			}
		}
	})
	return cost
}

func (p *protector) hide(s step) {
	p.corners(s, func(site, partner, _ int) {
		for _, r := range s.move.rows {
			at := p.at(r, site, partner)
			p.hidden[at] = p.hidden[at] || p.open[at]
		}
	})
}

// possible tells whether a step leaves no count negative, and with do takes it.
func (p *protector) possible(s step, direction int, world map[int][]int, do bool) bool {
	for _, v := range s.move.variants {
		fits := true
		p.corners(s, func(site, partner, sign int) {
			if site == p.sites || partner == p.all || !fits {
				return
			}
			counts, ok := world[site*p.all+partner]
			if !ok {
				counts = p.counts[site*p.all+partner]
			}
			for _, t := range v.words {
				if counts[t.of]+t.by*sign*direction < 0 {
					fits = false
					return
				}
			}
			for _, t := range v.laws {
				if by := t.by * sign * direction; by < 0 && fits {
					// Where the true counts break a law, as around midnight at a month's end, nobody can count on it.
					fits = sum(p.laws[t.of], counts)+by >= min(0, sum(p.laws[t.of], p.counts[site*p.all+partner]))
				}
			}
		})
		if !fits {
			continue
		}
		if do {
			p.corners(s, func(site, partner, sign int) {
				if site == p.sites || partner == p.all {
					return
				}
				i := site*p.all + partner
				if _, ok := world[i]; !ok {
					world[i] = slices.Clone(p.counts[i])
				}
				for _, t := range v.words {
					world[i][t.of] += t.by * sign * direction
				}
			})
		}
		return true
	}
	return false
}

func sum(weights, counts []int) int {
	n := 0
	for i, w := range weights {
		n += w * counts[i]
	}
	return n
}

// movesOf are the moves that raise a row by one, those first that change fewest rows.
func (p *protector) movesOf(row int, reach reach) []move {
	kind := 0
	if reach == reachLoose {
		kind = 1
	}
	if p.moves[kind] == nil {
		if reach == reachLoose {
			for w := range p.words {
				p.moves[kind] = append(p.moves[kind], p.gather(variant{words: []term{{w, 1}}})...)
			}
		} else {
			p.moves[kind] = p.gather(p.variants()...)
		}
	}
	var all []move
	for _, m := range p.moves[kind] {
		if m.impact[row] == 1 {
			all = append(all, m)
		}
	}
	if reach == reachNear {
		all = all[:min(len(all), movesAtMost)]
	}
	return all
}

// variants are all that can happen, once more or instead of something else.
func (p *protector) variants() []variant {
	type whole struct {
		words map[int]int
		sited bool
	}
	var happen []whole
	for _, h := range happenings(p.words) {
		one := whole{words: map[int]int{}, sited: h.sited}
		for _, word := range h.words {
			w, _ := slices.BinarySearch(p.words, word)
			one.words[w]++
		}
		happen = append(happen, one)
	}
	var all []variant
	add := func(words map[int]int, sited bool) {
		if len(words) == 0 {
			return
		}
		v := variant{words: terms(words), sited: sited}
		for l, weights := range p.laws {
			by := 0
			for _, t := range v.words {
				by += weights[t.of] * t.by
			}
			if by != 0 {
				v.laws = append(v.laws, term{l, by})
			}
		}
		all = append(all, v)
	}
	for _, a := range happen {
		add(a.words, a.sited)
	}
	for _, a := range happen {
		for _, b := range happen {
			if a.sited != b.sited {
				continue
			}
			words := maps.Clone(a.words)
			for w, by := range b.words {
				if words[w] -= by; words[w] == 0 {
					delete(words, w)
				}
			}
			add(words, a.sited)
		}
	}
	return all
}

func terms(by map[int]int) []term {
	var all []term
	for _, k := range slices.Sorted(maps.Keys(by)) {
		all = append(all, term{k, by[k]})
	}
	return all
}

// gather puts variants that change rows in the same way into one move.
func (p *protector) gather(variants ...variant) []move {
	var moves []move
	byImpact := map[string]int{}
	seen := map[string]bool{}
	for _, v := range variants {
		own := signature(v.words, v.sited)
		if seen[own] {
			continue
		}
		seen[own] = true
		impact := map[int]int{}
		for _, t := range v.words {
			for _, r := range p.rowsOf[t.of] {
				if impact[r] += t.by; impact[r] == 0 {
					delete(impact, r)
				}
			}
		}
		key := signature(terms(impact), v.sited)
		i, ok := byImpact[key]
		if !ok {
			i = len(moves)
			byImpact[key] = i
			moves = append(moves, move{impact: impact, rows: slices.Sorted(maps.Keys(impact))})
		}
		moves[i].variants = append(moves[i].variants, v)
	}
	// Those first whose words were counted at all.
	counted := make([]bool, len(p.words))
	for _, counts := range p.counts {
		for w, n := range counts {
			counted[w] = counted[w] || n > 0
		}
	}
	strange := func(v variant) int {
		n := 0
		for _, t := range v.words {
			if !counted[t.of] {
				n++
			}
		}
		return n
	}
	for i := range moves {
		slices.SortStableFunc(moves[i].variants, func(a, b variant) int { return cmp.Compare(strange(a), strange(b)) })
	}
	slices.SortStableFunc(moves, func(a, b move) int { return cmp.Compare(len(a.rows), len(b.rows)) })
	return moves
}

// signature is the same for the same changes only.
func signature(changes []term, sited bool) string {
	var b []byte
	for _, t := range changes {
		b = append(b, byte(t.of), byte(t.of>>8), byte(t.by))
	}
	if sited {
		b = append(b, 0xff)
	}
	return string(b)
}
