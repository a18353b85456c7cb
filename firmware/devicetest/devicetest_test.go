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
