package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// instance is gok's configuration, with its field names: what is used of
// github.com/gokrazy/internal/config, which only gokrazy may import. gok ignores
// keys that it does not know; this refuses them, so that a misspelt one is told.
type instance struct {
	Hostname                   string
	DeviceType                 string   `json:",omitempty"`
	Environment                []string `json:",omitempty"`
	Update                     *update  `json:",omitempty"`
	Packages                   []string
	GokrazyPackages            []string
	PackageConfig              map[string]packageConfig `json:",omitempty"`
	KernelPackage              string
	FirmwarePackage            string
	EEPROMPackage              string
	SerialConsole              string   `json:",omitempty"`
	KernelExtraArgs            []string `json:",omitempty"`
	BootloaderExtraLines       []string `json:",omitempty"`
	InternalCompatibilityFlags *flags   `json:",omitempty"`
}

type update struct {
	NoPassword bool
	UseTLS     string
}

type packageConfig struct {
	GoBuildEnvironment []string          `json:",omitempty"`
	GoBuildTags        []string          `json:",omitempty"`
	GoBuildFlags       []string          `json:",omitempty"`
	ExtraFilePaths     map[string]string `json:",omitempty"`
	ExtraFileContents  map[string]string `json:",omitempty"`
}

type flags struct{ InitPkg string }

const kioskPackage = "loiret.fr/visioborne/kiosk"

func readInstance(file string) (*instance, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("opening gokrazy's configuration: %w", err)
	}
	defer f.Close()
	var i instance
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(&i); err != nil {
		return nil, fmt.Errorf("%s: %s", file, place(file, err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: has more than one JSON value; expected one", file)
	}
	switch {
	case i.Update == nil || !i.Update.NoPassword:
		return nil, fmt.Errorf("%s: Update.NoPassword: is not true; gokrazy's page would be open to the room's network", file)
	case i.InternalCompatibilityFlags == nil || i.InternalCompatibilityFlags.InitPkg == "":
		return nil, fmt.Errorf("%s: InternalCompatibilityFlags.InitPkg: is missing; expected loiret.fr/visioborne/firmware/init", file)
	}
	if _, ok := i.PackageConfig[kioskPackage]; !ok {
		return nil, fmt.Errorf("%s: PackageConfig: lacks %s", file, kioskPackage)
	}
	return &i, nil
}

// place adds the line to JSON's errors that have an offset.
func place(file string, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	offset := int64(0)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	default:
		return strings.TrimPrefix(err.Error(), "json: ")
	}
	text, readErr := os.ReadFile(file)
	if readErr != nil {
		return err.Error()
	}
	return fmt.Sprintf("line %d: %v", 1+bytes.Count(text[:min(offset, int64(len(text)))], []byte("\n")), err)
}

// setVersion puts the version, and when its sources were made (in seconds since
// 1970), into the service, and the version beside it, where init reads it.
func (i *instance) setVersion(version, made string) {
	p := i.PackageConfig[kioskPackage]
	for n, f := range p.GoBuildFlags {
		if flags, ok := strings.CutPrefix(f, "-ldflags="); ok {
			p.GoBuildFlags[n] = "-ldflags=" + flags + " -X main.version=" + version + " -X main.made=" + made
		}
	}
	if p.ExtraFileContents == nil {
		p.ExtraFileContents = map[string]string{}
	}
	p.ExtraFileContents["/etc/visioborne-version"] = version
	i.PackageConfig[kioskPackage] = p
}
