package main

import (
	"bufio"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	spdx "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
)

// writeBill writes the software bill of materials, SPDX 2.3: every Go module of
// the programs in the image, kernel and firmware, the browser's packages and the VP8 codec.
func writeBill(i *instance, image, version, out string) error {
	sum, err := sumOf(image)
	if err != nil {
		return err
	}
	doc := &v2_3.Document{
		SPDXVersion: v2_3.Version, DataLicense: v2_3.DataLicense, SPDXIdentifier: "DOCUMENT",
		DocumentName:      "visioborne " + version,
		DocumentNamespace: "https://loiret.fr/visioborne/sbom/" + sum,
		CreationInfo: &v2_3.CreationInfo{
			Created:  time.Now().UTC().Format(time.RFC3339),
			Creators: []common.Creator{{CreatorType: "Organization", Creator: "Visioborne"}},
		},
	}
	add := func(name, version, url string) {
		id := common.ElementID(fmt.Sprintf("Package-%d", len(doc.Packages)))
		if url == "" {
			url = "NOASSERTION"
		}
		p := &v2_3.Package{
			PackageName: name, PackageVersion: version, PackageSPDXIdentifier: id,
			PackageDownloadLocation: "NOASSERTION", PackageLicenseConcluded: "NOASSERTION", PackageLicenseDeclared: "NOASSERTION",
			PackageCopyrightText: "NOASSERTION",
		}
		if url != "NOASSERTION" {
			p.PackageExternalReferences = []*v2_3.PackageExternalReference{{Category: "PACKAGE-MANAGER", RefType: "purl", Locator: url}}
		}
		doc.Packages = append(doc.Packages, p)
		from, kind := common.ElementID("Package-0"), "CONTAINS"
		if len(doc.Packages) == 1 {
			from, kind = "DOCUMENT", "DESCRIBES"
		}
		doc.Relationships = append(doc.Relationships, &v2_3.Relationship{
			RefA: common.MakeDocElementID("", string(from)), RefB: common.MakeDocElementID("", string(id)), Relationship: kind,
		})
	}
	add("visioborne", version, "")
	doc.Packages[0].PackageChecksums = []common.Checksum{{Algorithm: common.SHA256, Value: sum}}
	modules, err := goModules(i, image)
	if err != nil {
		return err
	}
	for _, m := range modules {
		name, version, _ := strings.Cut(m, "@")
		add(name, version, "pkg:golang/"+m)
	}
	for _, lock := range []string{"firmware/browser/lock.txt", "firmware/libvpx/lock.txt", "firmware/libjpeg/lock.txt"} {
		packages, err := debianPackages(lock)
		if err != nil {
			return err
		}
		for _, p := range packages {
			if p[2] == "arm64" || p[2] == "all" { // the codecs' locks have other machines' too
				add(p[0], p[1], "pkg:deb/debian/"+p[0]+"@"+p[1]+"?arch="+p[2])
			}
		}
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := spdx.Write(doc, f, spdx.Indent("  ")); err != nil {
		return err
	}
	return f.Close()
}

// goModules are the modules of the programs in the image's root, as the
// programs themselves tell, and those of kernel and firmware, which are files.
func goModules(i *instance, image string) ([]string, error) {
	dir, err := os.MkdirTemp("", "bill")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	root := filepath.Join(dir, "root")
	squashfs := strings.TrimSuffix(image, filepath.Ext(image)) + ".root.squashfs"
	if out, err := exec.Command("unsquashfs", "-no-progress", "-quiet", "-dest", root, squashfs, "gokrazy", "user").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("unpacking the programs: %w: %s", err, out)
	}
	seen := map[string]bool{}
	for _, folder := range []string{"gokrazy", "user"} {
		programs, err := os.ReadDir(filepath.Join(root, folder))
		if err != nil {
			return nil, err
		}
		for _, p := range programs {
			info, err := buildinfo.ReadFile(filepath.Join(root, folder, p.Name()))
			if err != nil {
				return nil, fmt.Errorf("reading what %s was built from: %w", p.Name(), err)
			}
			seen["stdlib@"+strings.TrimPrefix(info.GoVersion, "go")] = true
			for _, m := range append(info.Deps, &info.Main) {
				if m.Replace == nil && m.Version != "" && m.Version != "(devel)" {
					seen[m.Path+"@"+m.Version] = true
				}
			}
		}
	}
	for _, p := range []string{i.KernelPackage, i.FirmwarePackage, i.EEPROMPackage} {
		c := exec.Command("go", "list", "-m", p)
		c.Dir = filepath.Join(goks, goksName, "builddir")
		out, err := c.Output()
		if err != nil {
			return nil, fmt.Errorf("looking up %s: %w", p, err)
		}
		seen[strings.Join(strings.Fields(string(out))[:2], "@")] = true
	}
	var all []string
	for m := range seen {
		all = append(all, m)
	}
	slices.Sort(all)
	return all, nil
}

// debianPackages are name, version and architecture of the lock's packages.
func debianPackages(lock string) ([][3]string, error) {
	f, err := os.Open(lock)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all [][3]string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) != 4 || strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		// name_version_arch.deb; a colon of the version is written %3a.
		parts := strings.Split(strings.TrimSuffix(path.Base(fields[1]), ".deb"), "_")
		if len(parts) != 3 {
			return nil, fmt.Errorf("%s: %q is not a package's file name", lock, fields[1])
		}
		all = append(all, [3]string(parts))
	}
	return all, lines.Err()
}
