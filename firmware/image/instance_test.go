package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInstance(t *testing.T) {
	i, err := readInstance("../../gokr-packer.json")
	if err != nil {
		t.Fatal(err)
	}
	i.setVersion("1.2.3", "1764000000")
	p := i.PackageConfig[kioskPackage]
	if !strings.HasSuffix(p.GoBuildFlags[len(p.GoBuildFlags)-1], " -X main.version=1.2.3 -X main.made=1764000000") || p.ExtraFileContents["/etc/visioborne-version"] != "1.2.3" {
		t.Errorf("the version is not in %+v", p)
	}
}

func TestInstanceMistakes(t *testing.T) {
	good, err := os.ReadFile("../../gokr-packer.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ from, to, want string }{
		"a misspelt key":   {`"Hostname"`, `"HostName2"`, `unknown field "HostName2"`},
		"an open page":     {`"NoPassword": true`, `"NoPassword": false`, "gokrazy.json: Update.NoPassword: is not true"},
		"gokrazy's init":   {"loiret.fr/visioborne/firmware/init", "", "InitPkg: is missing"},
		"a wrong type":     {`"Hostname": "visioborne"`, `"Hostname": 5`, "gokrazy.json: line 2: "},
		"not JSON":         {`"Hostname": "visioborne",`, `"Hostname": "visioborne"`, "gokrazy.json: line 3: "},
		"something behind": {"\n}\n", "\n}\n{}", "has more than one JSON value"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(string(good), c.from, c.to, 1)
			if text == string(good) {
				t.Fatalf("nothing like %s in the file", c.from)
			}
			file := filepath.Join(t.TempDir(), "gokrazy.json")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := readInstance(file); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
