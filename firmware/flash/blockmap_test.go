package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// The files are what firmware/image and bmaptool 3.6 wrote.
func TestReadBlockMap(t *testing.T) {
	for file, want := range map[string]string{
		"testdata/visioborne.img.bmap": "47185920 bytes\n" +
			"0-3149824 96e16bd1\n6291456-7340032 30e14955\n10485760-47185920 17104e25\n",
		// Its last block is cut short by the image's end.
		"testdata/bmaptool.bmap": "10242560 bytes\n0-8192 82751972\n409600-413696 c173bcc9\n10240000-10242560 b5b36e75\n",
	} {
		m, err := readBlockMap(file)
		if err != nil {
			t.Error(err)
			continue
		}
		got := fmt.Sprintf("%d bytes\n", m.imageBytes)
		for _, s := range m.spans {
			got += fmt.Sprintf("%d-%d %s\n", s.from, s.to, hex.EncodeToString(s.sum[:4]))
		}
		if got != want {
			t.Errorf("%s:\ngot\n%swant\n%s", file, got, want)
		}
	}
}

// The made image's map is what firmware/image writes for it, so the golden file is of the image that the tests flash.
func TestMadeMap(t *testing.T) {
	golden, err := readBlockMap("testdata/visioborne.img.bmap")
	if err != nil {
		t.Fatal(err)
	}
	var ends []int64
	for _, s := range mapped(true) {
		ends = append(ends, s.from, s.to)
	}
	var got []int64
	for _, s := range golden.spans {
		got = append(got, s.from, s.to)
	}
	if !slices.Equal(got, ends) || golden.imageBytes != imageBytes {
		t.Errorf("the golden map has %v of %d bytes, the made image %v of %d", got, golden.imageBytes, ends, imageBytes)
	}
}

func TestBlockMapMistakes(t *testing.T) {
	sum := strings.Repeat("ab", 32)
	r := func(blocks string) string { return `<Range chksum="` + sum + `">` + blocks + `</Range>` }
	good := mapText(40960, 3, r("0-1")+r(" 9 "))
	if _, err := parseBlockMap(good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text []byte
		want string
	}{
		"not XML":           {[]byte("hello"), "EOF"},
		"other XML":         {[]byte("<a/>"), "expected element type <bmap>"},
		"version 1":         {bytes.Replace(good, []byte(`"2.0"`), []byte(`"1.3"`), 1), `it has version "1.3" of the format; expected 2`},
		"other checksums":   {bytes.Replace(good, []byte(" sha256 "), []byte(" sha1 "), 1), `its checksums are "sha1"; expected sha256`},
		"damaged":           {bytes.Replace(good, []byte(">0-1<"), []byte(">0-2<"), 1), "its checksum is not its own: it is damaged"},
		"cut short":         {good[:len(good)-20], "unexpected EOF"},
		"no size":           {mapText(0, 0, ""), "do not make an image of 0 bytes"},
		"a broken size":     {mapText(40961, 1, r("0")), "11 blocks of 4096 bytes do not make an image of 40961 bytes"},
		"out of order":      {mapText(40960, 3, r("5")+r("0-1")), `range 1, "0-1", is out of order`},
		"overlapping":       {mapText(40960, 3, r("0-1")+r("1")), `range 1, "1", is out of order`},
		"backwards":         {mapText(40960, 3, r("2-1")), `range 0, "2-1", is out of order`},
		"past the end":      {mapText(40960, 1, r("10")), "outside the image's 10 blocks"},
		"no number":         {mapText(40960, 1, r("a-b")), `range 0 is "a-b"; expected two numbers`},
		"a huge number":     {mapText(40960, 1, r("0-99999999999999999999")), "expected two numbers"},
		"wrong count":       {mapText(40960, 7, r("0-1")), "its ranges have 2 blocks; it says 7"},
		"no range checksum": {mapText(40960, 1, "<Range>0</Range>"), `range 0 has the checksum ""`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseBlockMap(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func FuzzBlockMap(f *testing.F) {
	for _, file := range []string{"testdata/visioborne.img.bmap", "testdata/bmaptool.bmap"} {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b), int64(40960), int64(1), "")
	}
	f.Add("", int64(40960), int64(3), `<Range chksum="`+strings.Repeat("ab", 32)+`">0-1</Range><Range chksum="`+strings.Repeat("AB", 32)+`">9</Range>`)
	f.Fuzz(func(t *testing.T, text string, size, mapped int64, ranges string) {
		// Whole texts, and texts whose own checksum is right so that the parser goes on.
		for _, b := range [][]byte{[]byte(text), mapText(size, mapped, ranges)} {
			m, err := parseBlockMap(b)
			if err != nil {
				continue
			}
			var at int64
			for _, s := range m.spans {
				if s.from < at || s.to <= s.from || s.to > m.imageBytes || len(s.sum) != 32 || s.from%sectorBytes != 0 || s.to%sectorBytes != 0 {
					t.Fatalf("range %d-%d of an image of %d bytes, after %d", s.from, s.to, m.imageBytes, at)
				}
				at = s.to
			}
			if total(m.spans) > m.imageBytes {
				t.Fatalf("%d bytes of %d", total(m.spans), m.imageBytes)
			}
		}
	})
}

func TestAddZeros(t *testing.T) {
	s := func(from, to int64) span { return span{from: from, to: to} }
	z := func(from, to int64) span { return span{from: from, to: to, zero: true} }
	for name, c := range map[string]struct {
		parts    []span
		from, to int64
		want     []span
	}{
		"nothing there":     {[]span{s(0, 10), s(30, 40)}, 15, 20, []span{s(0, 10), z(15, 20), s(30, 40)}},
		"all there":         {[]span{s(0, 10), s(30, 40)}, 32, 40, []span{s(0, 10), s(30, 40)}},
		"its beginning":     {[]span{s(0, 10), s(30, 40)}, 5, 20, []span{s(0, 10), z(10, 20), s(30, 40)}},
		"its end":           {[]span{s(0, 10), s(30, 40)}, 25, 35, []span{s(0, 10), z(25, 30), s(30, 40)}},
		"its middle":        {[]span{s(0, 10), s(30, 40)}, 20, 50, []span{s(0, 10), z(20, 30), s(30, 40), z(40, 50)}},
		"behind everything": {[]span{s(0, 10)}, 40, 50, []span{s(0, 10), z(40, 50)}},
		"none":              {[]span{s(0, 10)}, 50, 50, []span{s(0, 10)}},
	} {
		if got := addZeros(c.parts, c.from, c.to); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
