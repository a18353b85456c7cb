package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var compared = cmp.Options{cmp.AllowUnexported(option{}), cmpopts.EquateEmpty()}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []option
		mistake    string
	}{
		{name: "nothing"},
		{name: "comments", text: "# why\n#\n\n  # CONFIG_A was set once\n"},
		{name: "every kind of value", text: "CONFIG_A=y\nCONFIG_B=m\nCONFIG_C=n\nCONFIG_D=12\nCONFIG_E=-1\nCONFIG_F=0x1F\nCONFIG_G=\"a \\\"b\\\" = c\"\n# CONFIG_H is not set\n", want: []option{
			{"CONFIG_A", "y"}, {"CONFIG_B", "m"}, {"CONFIG_C", "n"}, {"CONFIG_D", "12"}, {"CONFIG_E", "-1"}, {"CONFIG_F", "0x1F"}, {"CONFIG_G", `"a \"b\" = c"`}, {"CONFIG_H", "n"},
		}},
		{name: "spaces and Windows' line ends", text: "CONFIG_A=y \r\n", want: []option{{"CONFIG_A", "y"}}},
		{name: "no CONFIG_", text: "CONFIG_A=y\nDRM_V3D=y\n", want: []option{{"CONFIG_A", "y"}}, mistake: `f:2: "DRM_V3D=y" is no option; expected one such as CONFIG_DRM_V3D=y`},
		{name: "a comment behind an option", text: "CONFIG_A=y # why\n", mistake: `f:1: "CONFIG_A=y # why" is no option`},
		{name: "twice", text: "CONFIG_A=y\n# CONFIG_A is not set\n", want: []option{{"CONFIG_A", "y"}}, mistake: "f:2: CONFIG_A is there already, on line 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parse("f", c.text)
			if diff := cmp.Diff(c.want, got, compared); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (err == nil) != (c.mistake == "") || err != nil && !strings.Contains(err.Error(), c.mistake) {
				t.Errorf("error %v, want %q", err, c.mistake)
			}
		})
	}
}

func TestMerge(t *testing.T) {
	for _, c := range []struct{ name, base, addendum, want string }{
		{"nothing to add", "CONFIG_A=y\n", "", "CONFIG_A=y\n"},
		{"in the place of the old one", "CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=m\n", "CONFIG_B=y\n", "CONFIG_A=y\nCONFIG_B=y\nCONFIG_C=m\n"},
		{"a module becomes built in", "CONFIG_A=m\n", "CONFIG_A=y\n", "CONFIG_A=y\n"},
		{"new ones at the end, in order", "CONFIG_A=y\n", "CONFIG_Z=y\nCONFIG_M=y\n", "CONFIG_A=y\nCONFIG_Z=y\nCONFIG_M=y\n"},
		{"taken away", "CONFIG_A=y\n", "# CONFIG_A is not set\n", "# CONFIG_A is not set\n"},
		{"a string", `CONFIG_LOCALVERSION="-v8"` + "\n", `CONFIG_LOCALVERSION="-v8-x"` + "\n", `CONFIG_LOCALVERSION="-v8-x"` + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			base, addendum := lines(t, c.base), lines(t, c.addendum)
			if diff := cmp.Diff(c.want, format(merge(base, addendum))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if format(base) != c.base {
				t.Errorf("the base was changed:\n%s", format(base))
			}
		})
	}
}

func lines(t *testing.T, text string) []option {
	t.Helper()
	all, err := parse(t.Name(), text)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestDropped(t *testing.T) {
	known := map[string]bool{"CONFIG_A": true, "CONFIG_B": true, "CONFIG_S": true}
	for _, c := range []struct {
		name, addendum, result string
		want                   []string
	}{
		{"all took effect", "CONFIG_A=y\nCONFIG_S=\"x\"\n", "CONFIG_S=\"x\"\nCONFIG_A=y\nCONFIG_B=m\n", nil},
		{"taken away, and it is", "# CONFIG_A is not set\nCONFIG_B=n\n", "# CONFIG_A is not set\n", nil},
		{"unknown", "CONFIG_MISSPELT=y\n", "CONFIG_A=y\n", []string{"CONFIG_MISSPELT=y: this kernel has no such option"}},
		{"a dependency is off", "CONFIG_A=y\nCONFIG_B=y\n", "# CONFIG_B is not set\n", []string{
			"CONFIG_A=y: something that it depends on is off", "CONFIG_B=y: something that it depends on is off",
		}},
		{"a dependency is a module", "CONFIG_A=y\n", "CONFIG_A=m\n", []string{"CONFIG_A=y: it came out as m"}},
		{"another string", "CONFIG_S=\"x\"\n", "CONFIG_S=\"\"\n", []string{`CONFIG_S="x": it came out as ""`}},
		{"taken away, but selected", "# CONFIG_A is not set\n", "CONFIG_A=y\n", []string{"# CONFIG_A is not set: it came out as y"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := dropped(lines(t, c.addendum), lines(t, c.result), known)
			if diff := cmp.Diff(c.want, got, compared); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDeclaredOptions(t *testing.T) {
	tree := t.TempDir()
	put(t, tree, "Kconfig", "source \"drivers/Kconfig\"\nconfig A\n\tbool\n")
	put(t, tree, "drivers/Kconfig.more", "menuconfig B\n\tbool \"config NOT_ONE\"\n\tselect C\n  config D\n")
	put(t, tree, "drivers/driver.c", "config E\n")
	got, err := declaredOptions(tree)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"CONFIG_A": true, "CONFIG_B": true, "CONFIG_D": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEmbedded(t *testing.T) {
	const text = "CONFIG_A=y\n# CONFIG_B is not set\n"
	whole := image(t, text)
	for _, c := range []struct {
		name  string
		image []byte
		want  string
	}{
		{"one", whole, text},
		{"the mark alone, before it", append([]byte("IKCFG_ST IKCFG_ED"), whole...), text},
		{"none", []byte("an image without"), ""},
		{"cut off", whole[:len(whole)-30], ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := embedded(c.image)
			if got != c.want || (err != nil) != (c.want == "") {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

// image is a kernel that carries its configuration.
func image(t *testing.T, config string) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("MZ, and code; IKCFG_ST")
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(config)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	b.WriteString("IKCFG_ED and more code")
	return b.Bytes()
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The addendum itself: it can be read, and says why of every option.
func TestAddendum(t *testing.T) {
	text, err := os.ReadFile("addendum")
	if err != nil {
		t.Fatal(err)
	}
	all, err := parse("addendum", string(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Error("it has no option")
	}
	for block := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
		if !strings.HasPrefix(block, "#") {
			t.Errorf("no comment says why:\n%s", block)
		}
	}
}
