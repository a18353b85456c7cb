package main

import (
	"bufio"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFollow(t *testing.T) {
	got, err := follow(bufio.NewReader(strings.NewReader(`the machine is ready, 9.1 s after its start
=== PACKAGE loiret.fr/visioborne/one
=== RUN   TestDeviceA
    a_test.go:1: --- FAIL: not this
--- PASS: TestDeviceA (0.01s)
    --- PASS: TestDeviceA/part (0.00s)
--- SKIP: TestDeviceB (0.00s)
--- FAIL: TestDeviceC (0.00s)
FAIL` + "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	want := results{passed: 1, failed: []string{"TestDeviceC"}, skipped: []string{"TestDeviceB"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(results{})); diff != "" {
		t.Error(diff)
	}
}

func TestImagePackage(t *testing.T) {
	got := imagePackage.FindStringSubmatch(`Package: linux-image-amd64
Source: linux-signed-amd64 (6.1.192+2)
Version: 6.1.192-2
Depends: linux-image-6.1.0-56-amd64 (= 6.1.192-2)
`)
	if len(got) != 3 || got[1] != "6.1.0-56-amd64" || got[2] != "6.1.192-2" {
		t.Errorf("found %q", got)
	}
}

func FuzzPayload(f *testing.F) {
	image := make([]byte, 2048)
	image[0x1f1] = 1
	copy(image[0x202:], "HdrS")
	image[0x248], image[0x24c] = 16, 32
	copy(image[1024+16:], "kernel")
	f.Add(image)
	f.Add(image[:600])
	f.Add(append([]byte(nil), make([]byte, 600)...))
	f.Fuzz(func(t *testing.T, image []byte) {
		payload, err := payloadOf(image)
		if err == nil && (len(payload) < 4 || len(payload) > len(image)) {
			t.Errorf("%d bytes of %d", len(payload), len(image))
		}
	})
}

func TestPayload(t *testing.T) {
	image := make([]byte, 2048)
	image[0x1f1] = 1
	copy(image[0x202:], "HdrS")
	image[0x248], image[0x24c] = 16, 32
	copy(image[1024+16:], "kernel")
	payload, err := payloadOf(image)
	if err != nil || len(payload) != 32 || !strings.HasPrefix(string(payload), "kernel") {
		t.Errorf("%q, %v", payload, err)
	}
}
