package main

import (
	"bytes"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/diskfs/go-diskfs/backend/file"
)

func TestSettingsFor(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	network := "# by hand\nhub: wss://a.example.fr\nnetwork:\n  address: 192.168.1.20/24\n  gateway: 192.168.1.1\n  dns: [192.168.1.1]\n"
	whole := put("whole.yaml", network)
	wrong := put("wrong.yaml", "hub: http://a.example.fr\n")
	lonely := put("lonely.yaml", "hub: wss://a.example.fr\nnetwork:\n  ca: none.pem\n")
	plain := put("plain.yaml", "hub: wss://a.example.fr\nnetwork:\n  ca: plain.pem\n")
	put("plain.pem", "hello")
	with, err := openImage(makeImage(t, "wss://image.example.fr"))
	if err != nil {
		t.Fatal(err)
	}
	without, err := openImage(makeImage(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	typed := func(answer string, err error) func(string) (string, error) {
		return func(string) (string, error) { return answer, err }
	}
	const head = "# Réglages de la borne ; voir docs/guide-technicien.md\r\n"
	for name, c := range map[string]struct {
		wish  wish
		image image
		ask   func(string) (string, error)
		want  string // the file
		err   string
	}{
		"nothing":                         {image: with},
		"hub":                             {wish: wish{hub: "wss://h.example.fr"}, image: without, want: head + "hub: wss://h.example.fr\r\n"},
		"code, and the image's hub":       {wish: wish{code: "K7PX-2M4Q"}, image: with, want: head + "hub: wss://image.example.fr\r\ncode: K7PX-2M4Q\r\n"},
		"a code that looks like a number": {wish: wish{code: "12345678"}, image: with, want: head + "hub: wss://image.example.fr\r\ncode: 1234-5678\r\n"},
		"code and no hub":                 {wish: wish{code: "K7PX-2M4Q"}, image: without, err: "add -hub wss://..."},
		"a typed code":                    {wish: wish{site: "gien"}, image: with, ask: typed("K7PX-2M4Q", nil), want: head + "# Site : gien\r\nhub: wss://image.example.fr\r\ncode: K7PX-2M4Q\r\n"},
		"no typed code":                   {wish: wish{site: "gien"}, image: with, ask: typed("", nil), err: "no code was typed; run `hub booth add gien`"},
		"no line":                         {wish: wish{site: "gien"}, image: with, ask: typed("", errors.New("EOF")), err: "reading the code: EOF"},
		"nobody to ask":                   {wish: wish{site: "gien"}, image: with, err: "the site gien needs a code for its booth: run `hub booth add gien` where the hub is, and add -code with what it prints"},
		"a site's name":                   {wish: wish{site: "gien\nhub: ws://x"}, image: with, err: "has a character that no site's name has"},
		"a wrong code":                    {wish: wish{code: "K7PX"}, image: with, err: `the code "K7PX" is not 8 characters long; expected the 8 characters`},
		"a wrong hub":                     {wish: wish{hub: "http://h"}, image: with, err: "checking the settings: visioborne.yaml:2: hub: "},
		"a file":                          {wish: wish{site: "gien", file: whole}, image: with, want: network},
		"a file and a code": {
			wish: wish{file: whole, code: "K7PX-2M4Q"}, image: with,
			want: head + "hub: wss://a.example.fr\r\ncode: K7PX-2M4Q\r\nnetwork:\r\n  address: 192.168.1.20/24\r\n  gateway: 192.168.1.1\r\n  dns:\r\n  - 192.168.1.1\r\n",
		},
		"a wrong file":   {wish: wish{file: wrong}, image: with, err: "wrong.yaml:1: hub: "},
		"no file":        {wish: wish{file: whole + "x"}, image: with, err: "reading the settings: "},
		"no authority":   {wish: wish{file: lonely}, image: with, err: "reading the authority's certificates: "},
		"no certificate": {wish: wish{file: plain}, image: with, err: "plain.pem has no certificate; expected PEM"},
	} {
		t.Run(name, func(t *testing.T) {
			files, _, err := settingsFor(c.wish, c.image, c.ask)
			if c.err != "" || err != nil {
				if err == nil || c.err == "" || !strings.Contains(err.Error(), c.err) {
					t.Errorf("got %v, want %q", err, c.err)
				}
				return
			}
			got := ""
			if len(files) > 0 {
				got = string(files[0].text)
			}
			if got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// An authority's certificates go beside the settings; a shorter file takes a longer one's place without a remainder.
func TestWriteSettings(t *testing.T) {
	name := makeImage(t, "wss://image.example.fr")
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	disk := file.New(f, false)
	files := []cardFile{
		{"visioborne.yaml", []byte("hub: wss://hub.example.fr\n")},
		{"administration.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: bytes.Repeat([]byte{1}, 9000)})},
	}
	if err := writeSettings(disk, settingsSpan(), files); err != nil {
		t.Fatal(err)
	}
	if err := verifySettings(disk, settingsSpan(), files); err != nil {
		t.Fatal(err)
	}
	files[1].text[7000] ^= 1
	if err := verifySettings(disk, settingsSpan(), files); err == nil || !strings.Contains(err.Error(), "reading back administration.pem: it is not what was written") {
		t.Error(err)
	}
	checkFAT(t, name)
}
