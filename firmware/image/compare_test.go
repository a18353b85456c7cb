package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDifferences(t *testing.T) {
	a := map[string]string{"same": "1", "changed": "1", "gone": "1"}
	b := map[string]string{"same": "1", "changed": "2", "new": "1"}
	want := []string{"changed: 1, then 2", "gone: only in the first", "new: only in the second"}
	if diff := cmp.Diff(want, differences(a, b)); diff != "" {
		t.Error(diff)
	}
	if d := differences(a, a); len(d) != 0 {
		t.Errorf("the same tree differs in %v", d)
	}
}
