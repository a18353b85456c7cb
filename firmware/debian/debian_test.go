package debian

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

const sum = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestLock(t *testing.T) {
	l := Lock{time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), []File{
		{"debian", "pool/main/g/glibc/libc6_2.41-12%2bdeb13u5_arm64.deb", 2488872, sum},
		{"debian-security", "pool/updates/main/c/chromium/chromium_156_arm64.deb", 95_000_000, sum},
	}}
	var b bytes.Buffer
	if err := l.write(&b, "Packages for a test."); err != nil {
		t.Fatal(err)
	}
	again, err := parse("lock.txt", "make lock", &b)
	if err != nil || len(again.Files) != 2 || again.Files[1] != l.Files[1] || !again.At.Equal(l.At) {
		t.Errorf("read back: %+v, %v", again, err)
	}
	if got := l.Files[0].Name(); got != "libc6_2.41-12+deb13u5_arm64.deb" {
		t.Errorf("its name is %s", got)
	}
	if got := l.places(l.Files[1])[1]; got != "https://snapshot.debian.org/archive/debian-security/20261124T000000Z/pool/updates/main/c/chromium/chromium_156_arm64.deb" {
		t.Errorf("it is kept at %s", got)
	}
}

func TestLockMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "lock.txt: has no packages or no time; renew it with make lock",
		"at yesterday\n":                  `lock.txt:1: "yesterday" is not a time such as 20261123T120000Z`,
		"debian pool/x.deb 12\n":          "lock.txt:1: 3 fields; expected archive, path, size and SHA-256",
		"ubuntu pool/x.deb 12 " + sum:     `lock.txt:1: "ubuntu" is not an archive`,
		"debian pool/../x.deb 12 " + sum:  "is not the path of a package",
		"debian pool/x.deb many " + sum:   `"many" is not a size`,
		"debian pool/x.deb 12 " + sum[1:]: "is not a SHA-256",
	} {
		if _, err := parse("lock.txt", "make lock", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func FuzzParseURIs(f *testing.F) {
	f.Add([]byte("'http://deb.debian.org/debian/pool/main/x/x_1_arm64.deb' x_1_arm64.deb 12 SHA256:" + sum + "\n"))
	f.Fuzz(func(t *testing.T, out []byte) {
		files, err := parseURIs(out)
		if err == nil {
			for _, e := range files {
				if e.Archive == "" {
					t.Error("a file of no archive")
				}
			}
		}
	})
}
