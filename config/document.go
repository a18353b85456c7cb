package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// What a file may have at most. The parser needs time by the square of the lines, of the length of a line and of the
// depth of brackets, so a wrong file must be refused before it.
const (
	maxSize  = 1 << 20
	maxLines = 10_000
	maxLine  = 4_096
	maxDepth = 32
)

// document is one file being read: its mistakes so far, and where each field stands.
type document struct {
	file     string
	root     ast.Node // nil when the file cannot be parsed
	mistakes Mistakes
	at       map[string]position
	reported map[Mistake]bool
	wrong    map[string]bool // the fields with a mistake
	around   map[string]bool // the same, and all that hold them
}

// position is where a field stands, and its name there: hours.monday may come from hours.every_day.
type position struct {
	line  int
	field string
}

// open reads and parses a file. The error is that of the file system; what is wrong in the file are its mistakes.
func open(file string) (*document, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("opening configuration: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading configuration: %w", err)
	}
	return parse(file, text), nil
}

func parse(file string, text []byte) *document {
	d := newDocument(file)
	if len(text) > maxSize {
		d.reportAt(position{}, "is larger than 1 MiB; expected a file of a few hundred lines")
		return d
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	lines := 0
	for line := range bytes.Lines(text) {
		lines++
		at := position{line: lines}
		switch {
		case lines > maxLines:
			d.reportAt(at, "has more than %d lines; expected a few hundred", maxLines)
			return d
		case len(line) > maxLine:
			d.reportAt(at, "is longer than %d bytes; break the line", maxLine)
		case !utf8.Valid(line):
			d.reportAt(at, "is not UTF-8 text; save the file in the encoding UTF-8")
		case bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' || r == 0x7f }):
			d.reportAt(at, "has a control character; remove it")
		}
	}
	if len(d.mistakes) > 0 {
		return d
	}
	d.parse(text)
	return d
}

func newDocument(file string) *document {
	return &document{
		file: file, at: map[string]position{}, reported: map[Mistake]bool{},
		wrong: map[string]bool{}, around: map[string]bool{},
	}
}

func (d *document) parse(text []byte) {
	tokens := lexer.Tokenize(string(text))
	depth := 0
	for _, t := range tokens {
		// Only brackets count.
		//exhaustive:ignore
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		}
		if depth > maxDepth {
			d.reportAt(position{line: t.Position.Line}, "has more than %d brackets in each other", maxDepth)
			return
		}
	}
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var at position
		problem := "the text cannot be understood"
		if e := yaml.Error(nil); errors.As(err, &e) {
			problem = strings.NewReplacer("\t", `\t`, "\n", " ").Replace(e.GetMessage())
			if t := e.GetToken(); t != nil && t.Position != nil {
				at.line = t.Position.Line
			}
		}
		d.reportAt(at, "is not YAML: %s", problem)
		return
	}
	for _, part := range parsed.Docs {
		switch {
		case part.Body == nil:
		case part.Body.Type() == ast.DirectiveType:
			d.reportAt(position{line: line(part.Body)}, "has a YAML directive; remove the line")
		case d.root == nil:
			d.root = part.Body
		default:
			d.reportAt(position{line: line(part.Body)}, "begins a second document; expected one a file")
		}
	}
	if d.root == nil && len(d.mistakes) == 0 {
		d.reportAt(position{line: 1}, "is empty")
	}
	if d.root != nil {
		d.at[""] = position{line: line(d.root)}
	}
}

// line is where a node begins.
func line(n ast.Node) int {
	if m, ok := n.(ast.MapNode); ok {
		// The token of a map without brackets is the colon of its first key.
		flow, ok := n.(*ast.MappingNode)
		if pairs := m.MapRange(); pairs.Next() && !(ok && flow.IsFlowStyle) {
			return line(pairs.Key())
		}
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

// reportAt adds a mistake, once.
func (d *document) reportAt(p position, format string, args ...any) {
	m := Mistake{File: d.file, Line: p.line, Field: p.field, Problem: fmt.Sprintf(format, args...)}
	if d.reported[m] {
		return
	}
	d.reported[m] = true
	d.mistakes = append(d.mistakes, m)
}

// report adds a mistake of a field, unless the field, or one that holds it, already has one.
func (d *document) report(path, format string, args ...any) {
	for p := path; ; p = parent(p) {
		if d.wrong[p] {
			return
		}
		if p == "" {
			break
		}
	}
	d.wrong[path] = true
	for p := path; p != ""; p = parent(p) {
		d.around[p] = true
	}
	d.reportAt(d.position(path), format, args...)
}

// missing adds the mistake that a field is not there or has nothing in it, unless what it holds could not be read.
func (d *document) missing(path, expected string) {
	problem := "is missing"
	if _, there := d.at[path]; there {
		problem = "is empty"
	}
	if !d.around[path] {
		d.report(path, "%s; expected %s", problem, expected)
	}
}

// position finds a field, or where what should hold it stands.
func (d *document) position(path string) position {
	for p := path; ; p = parent(p) {
		if at, ok := d.at[p]; ok {
			return position{line: at.line, field: strings.TrimPrefix(at.field+path[len(p):], ".")}
		}
		if p == "" {
			return position{field: path}
		}
	}
}

func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

var plainKey = regexp.MustCompile(`^[\pL\pN_-]{1,40}$`)

func child(path, key string) string {
	if !plainKey.MatchString(key) {
		key = quoted(strings.NewReplacer(".", "·", "[", "(").Replace(key))
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

func item(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// entry is a key of a map and its value.
type entry struct {
	key, path string
	value     ast.Node
}

// entries lists a map's entries; what is no map or is given twice is reported.
func (d *document) entries(n ast.Node, path, expected string) []entry {
	m, ok := n.(ast.MapNode)
	if !ok {
		d.report(path, "%s; expected %s", kind(n), expected)
		return nil
	}
	var all []entry
	for pairs := m.MapRange(); pairs.Next(); {
		var key string
		switch k := pairs.Key().(type) {
		case *ast.StringNode:
			key = k.Value
		case *ast.MergeKeyNode:
			d.reportAt(position{line: line(k), field: child(path, "<<")}, "is a YAML merge; write the lines out")
			continue
		default:
			d.reportAt(position{line: line(k), field: child(path, k.GetToken().Value)}, "is not a name; expected the name of a field")
			continue
		}
		e := entry{key: key, path: child(path, key), value: pairs.Value()}
		here := position{line: line(pairs.Key()), field: e.path}
		if first, twice := d.at[e.path]; twice {
			d.reportAt(here, "is given twice, first on line %d; remove one", first.line)
			continue
		}
		d.at[e.path] = here
		all = append(all, e)
	}
	return all
}

// items lists a list's items.
func (d *document) items(n ast.Node, path, expected string) ([]ast.Node, bool) {
	if n == nil {
		return nil, false
	}
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		d.report(path, "%s; expected %s", kind(n), expected)
		return nil, false
	}
	for i, v := range s.Values {
		at := position{field: item(path, i)}
		if v != nil {
			at.line = line(v)
		}
		d.at[at.field] = at
	}
	return s.Values, true
}

// unusable reports what no field can hold: nothing at all, and those parts of YAML that these files do without.
func (d *document) unusable(n ast.Node, path string) bool {
	switch n.(type) {
	case nil, *ast.NullNode:
		d.report(path, "has no value; give one, or remove the line")
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		d.report(path, "is a YAML anchor or alias; write the value out")
	case *ast.TagNode:
		d.report(path, "has a YAML tag; remove the word that begins with !")
	default:
		return false
	}
	return true
}

// kind says what a node is, as the beginning of a mistake.
func kind(n ast.Node) string {
	switch n := n.(type) {
	case ast.MapNode:
		return "is a map"
	case *ast.SequenceNode:
		return "is a list"
	case *ast.StringNode:
		return quoted(n.Value) + " is text"
	case *ast.LiteralNode:
		return quoted(n.Value.Value) + " is text"
	case *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value + " is a number"
	case *ast.BoolNode:
		return n.GetToken().Value + " is a truth value"
	}
	return n.GetToken().Value + " is out of place"
}

func (d *document) text(n ast.Node, path string) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case ast.MapNode, *ast.SequenceNode:
		d.report(path, "%s; expected text", kind(n))
	default:
		d.report(path, "%s; expected text, in quotes: %q", kind(n), n.GetToken().Value)
	}
	return "", false
}

// decode reads a node into *into, a value of one of the types of this package.
func (d *document) decode(n ast.Node, path string, into any) {
	if d.unusable(n, path) {
		return
	}
	switch into := into.(type) {
	case *Hours:
		*into = d.decodeHours(n, path)
		return
	case *Text:
		*into = Text{}
		for _, e := range d.entries(n, path, expectedText) {
			if d.unusable(e.value, e.path) {
				continue
			}
			if s, ok := d.text(e.value, e.path); ok {
				(*into)[e.key] = s
			}
		}
		return
	case *Days:
		if s, ok := d.text(n, path); ok {
			*into = parseDays(s)
		}
		return
	case *Span:
		if s, ok := d.text(n, path); ok {
			*into = d.span(s, path)
		}
		return
	case *time.Duration:
		*into = d.decodeDuration(n, path)
		return
	case interface{ setDefaults() }:
		into.setDefaults()
	}
	v := reflect.ValueOf(into).Elem()
	// These are the kinds that the package's types have.
	//exhaustive:ignore
	switch v.Kind() {
	case reflect.String:
		if s, ok := d.text(n, path); ok {
			v.SetString(s)
		}
	case reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
		} else {
			d.report(path, "%s; expected true or false", kind(n))
		}
	case reflect.Int:
		d.decodeInt(n, path, v)
	case reflect.Float64:
		d.decodeFloat(n, path, v)
	case reflect.Slice:
		items, ok := d.items(n, path, "a list")
		if !ok {
			return
		}
		// An item that cannot be read stays as a zero value, so that the others keep their numbers.
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
		for i, it := range items {
			d.decode(it, item(path, i), v.Index(i).Addr().Interface())
		}
	case reflect.Struct:
		d.decodeStruct(n, path, v)
	case reflect.Pointer: // what means something by being there
		v.Set(reflect.New(v.Type().Elem()))
		d.decode(n, path, v.Interface())
	default:
		panic("config: no way to read a " + v.Type().String())
	}
}

func (d *document) decodeStruct(n ast.Node, path string, v reflect.Value) {
	names := fieldNames(v.Type())
	for _, e := range d.entries(n, path, "a map with the fields "+strings.Join(names, ", ")) {
		known := false
		for i, name := range names {
			if name == e.key {
				known = true
				d.decode(e.value, e.path, v.Field(i).Addr().Interface())
			}
		}
		if !known {
			d.report(e.path, "is not a known field; %s", instead(e.key, names))
		}
	}
}

// fieldNames are the names that a struct's fields have in files, in their order.
func fieldNames(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
	}
	return names
}

func (d *document) decodeInt(n ast.Node, path string, v reflect.Value) {
	i, ok := n.(*ast.IntegerNode)
	if !ok {
		d.report(path, "%s; expected a whole number", kind(n))
		return
	}
	number, err := strconv.ParseInt(i.GetToken().Value, 10, 64)
	if err != nil || v.OverflowInt(number) {
		d.report(path, "%s is not a number that fits; expected a whole number in decimal digits", i.GetToken().Value)
		return
	}
	v.SetInt(number)
}

func (d *document) decodeFloat(n ast.Node, path string, v reflect.Value) {
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
	default:
		d.report(path, "%s; expected a number such as 47.685", kind(n))
		return
	}
	number, err := strconv.ParseFloat(n.GetToken().Value, 64)
	if err != nil {
		d.report(path, "%s is not a number; expected one in decimal digits such as 47.685", n.GetToken().Value)
		return
	}
	v.SetFloat(number)
}

func (d *document) decodeDuration(n ast.Node, path string) time.Duration {
	if _, ok := n.(*ast.IntegerNode); ok {
		d.report(path, `%s has no unit; expected a duration such as "15s" or "5m"`, n.GetToken().Value)
		return 0
	}
	s, ok := d.text(n, path)
	if !ok {
		return 0
	}
	duration, err := time.ParseDuration(s)
	if err != nil {
		d.report(path, `%s is not a duration; expected one such as "15s" or "5m"`, quoted(s))
		return 0
	}
	return duration
}

func (d *document) decodeHours(n ast.Node, path string) Hours {
	hours := Hours{}
	names := make([]string, 0, 8)
	for _, day := range weekdays() {
		names = append(names, dayName(day))
	}
	names = append(names, everyDay)

	const expected = `a list such as ["09:00-12:30", "13:30-17:00"]`
	lists := map[string][]Span{}
	for _, e := range d.entries(n, path, "a map of days, such as monday, or every_day, to lists of opening hours") {
		if nearest(e.key, names) != e.key {
			d.report(e.path, "is not a day; %s", instead(e.key, names))
			continue
		}
		if d.unusable(e.value, e.path) {
			continue
		}
		items, ok := d.items(e.value, e.path, expected)
		if !ok {
			continue
		}
		spans := make([]Span, len(items))
		for i, it := range items {
			at := item(e.path, i)
			if d.unusable(it, at) {
				continue
			}
			s, ok := d.text(it, at)
			if !ok {
				continue
			}
			spans[i] = d.span(s, at)
		}
		lists[e.key] = spans
	}
	common, every := lists[everyDay]
	for _, day := range weekdays() {
		at := child(path, dayName(day))
		if spans, named := lists[dayName(day)]; named {
			hours[day] = spans
		} else if _, named := d.at[at]; every && !named {
			// What the validation finds wrong in such a day is wrong in every_day.
			hours[day] = common
			origin := child(path, everyDay)
			d.at[at] = d.at[origin]
			for i := range common {
				d.at[item(at, i)] = d.at[item(origin, i)]
				if d.wrong[item(origin, i)] {
					d.wrong[item(at, i)] = true
				}
			}
		}
	}
	return hours
}
