package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// disk is a whole block device, as the kernel describes it.
type disk struct {
	name  string // as in /sys/class/block
	model string // vendor and model, may be empty
	bytes int64
	// partitionOf is the whole disk's name when this is one of its partitions.
	partitionOf string
	readOnly    bool
	// sector is the unit in which it is addressed.
	sector int64
	// madeOf are the devices that it is put together from, when it is a RAID or a logical volume.
	madeOf []string
	parts  []partition
	// portable is what can be taken out: removable medium, USB, SD card.
	portable bool
	uses     []use
}

// partition is one of a disk's, for people to recognise the disk by.
type partition struct {
	device string
	labels []string // of the partition and of its file system, as far as known
	bytes  int64
}

// use is why a disk must not be overwritten: something of the running system lies on it.
type use struct {
	device string // /dev/sdb1
	// One of these.
	mount  string // where it is mounted
	swap   bool
	holder string // a RAID array, logical volume or encrypted volume that is made of it
	close  string // the command that ends a holder
}

// largestCard is where a card ends and somebody's backup disk begins.
const largestCard = 512e9

// examine reads what /sys and /proc below root tell about a block device.
func examine(root fs.FS, name string) (disk, error) {
	d := disk{name: name}
	dir := path.Join("sys/class/block", name)
	sectors, err := number(root, path.Join(dir, "size"))
	if err != nil {
		return disk{}, fmt.Errorf("reading the size of %s: %w", devicePath(name), err)
	}
	d.bytes = sectors * sectorBytes // the kernel's unit, whatever the device's sectors are
	d.sector = sectorBytes
	if n, err := number(root, path.Join(dir, "queue/logical_block_size")); err == nil {
		d.sector = n
	}
	d.readOnly = text(root, path.Join(dir, "ro")) == "1"
	d.model = strings.TrimSpace(text(root, path.Join(dir, "device/vendor")) + " " + text(root, path.Join(dir, "device/model")))
	if d.model == "" {
		d.model = text(root, path.Join(dir, "device/name")) // an SD card's
	}
	where, err := fs.ReadLink(root, dir)
	if err != nil {
		return disk{}, fmt.Errorf("reading the bus of %s: %w", devicePath(name), err)
	}
	if exists(root, path.Join(dir, "partition")) {
		d.partitionOf = path.Base(path.Dir(where))
	}
	d.portable = text(root, path.Join(dir, "removable")) == "1" ||
		strings.Contains(where, "/usb") ||
		strings.HasPrefix(name, "mmcblk") && text(root, path.Join(dir, "device/type")) == "SD"
	if entries, err := fs.ReadDir(root, path.Join(dir, "slaves")); err == nil {
		for _, e := range entries {
			d.madeOf = append(d.madeOf, devicePath(e.Name()))
		}
	}
	if d.parts, err = partitions(root, name); err != nil {
		return disk{}, err
	}
	mounts, err := readMounts(root)
	if err != nil {
		return disk{}, err
	}
	swaps, err := readSwaps(root)
	if err != nil {
		return disk{}, err
	}
	d.uses, err = usesOf(root, name, mounts, swaps, nil)
	return d, err
}

// partitions are a disk's partitions with their labels, as udev and the kernel know them.
func partitions(root fs.FS, name string) ([]partition, error) {
	dir := path.Join("sys/class/block", name)
	entries, err := fs.ReadDir(root, dir)
	if err != nil {
		return nil, fmt.Errorf("reading the partitions of %s: %w", devicePath(name), err)
	}
	const byLabel = "dev/disk/by-label"
	labels := map[string]string{}
	if links, err := fs.ReadDir(root, byLabel); err == nil { // not there when no file system has one
		for _, l := range links {
			if to, err := fs.ReadLink(root, path.Join(byLabel, l.Name())); err == nil {
				labels[path.Base(to)] = unescape(l.Name())
			}
		}
	}
	var all []partition
	for _, e := range entries {
		part := path.Join(dir, e.Name())
		if !exists(root, path.Join(part, "partition")) {
			continue
		}
		p := partition{device: devicePath(e.Name())}
		if sectors, err := number(root, path.Join(part, "size")); err == nil {
			p.bytes = sectors * sectorBytes
		}
		for line := range strings.Lines(text(root, path.Join(part, "uevent"))) {
			if label, ok := strings.CutPrefix(strings.TrimSpace(line), "PARTNAME="); ok {
				p.labels = append(p.labels, label)
			}
		}
		if label := labels[e.Name()]; label != "" && !slices.Contains(p.labels, label) {
			p.labels = append(p.labels, label)
		}
		all = append(all, p)
	}
	return all, nil
}

// usesOf collects what uses a block device, its partitions, and all that is made of them. Above are the devices on the
// way to this one: sysfs has no loops, and this makes sure.
func usesOf(root fs.FS, name string, mounts []mount, swaps, above []string) ([]use, error) {
	if slices.Contains(above, name) {
		return nil, nil
	}
	above = append(slices.Clone(above), name)
	dir := path.Join("sys/class/block", name)
	names := []string{devicePath(name)}
	if mapped := text(root, path.Join(dir, "dm/name")); mapped != "" {
		names = append(names, "/dev/mapper/"+mapped)
	}
	device := names[len(names)-1]
	var uses []use
	for _, m := range mounts {
		if m.device == text(root, path.Join(dir, "dev")) || slices.Contains(names, m.source) {
			uses = append(uses, use{device: device, mount: m.point})
		}
	}
	for _, s := range swaps {
		if slices.Contains(names, s) {
			uses = append(uses, use{device: device, swap: true})
		}
	}
	entries, err := fs.ReadDir(root, dir)
	if err != nil {
		return nil, fmt.Errorf("reading the partitions of %s: %w", device, err)
	}
	for _, e := range entries {
		if exists(root, path.Join(dir, e.Name(), "partition")) {
			of, err := usesOf(root, e.Name(), mounts, swaps, above)
			if err != nil {
				return nil, err
			}
			uses = append(uses, of...)
		}
	}
	holders, err := fs.ReadDir(root, path.Join(dir, "holders"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading what holds %s: %w", device, err)
	}
	for _, h := range holders {
		of, err := usesOf(root, h.Name(), mounts, swaps, above)
		if err != nil {
			return nil, err
		}
		uses = append(uses, of...)
		holder, end := describeHolder(root, h.Name())
		uses = append(uses, use{device: device, holder: holder, close: end})
	}
	return uses, nil
}

// describeHolder is a holder's path and the command that ends it.
func describeHolder(root fs.FS, name string) (device, end string) {
	dir := path.Join("sys/class/block", name)
	mapped := text(root, path.Join(dir, "dm/name"))
	switch kind := text(root, path.Join(dir, "dm/uuid")); {
	case mapped == "" && strings.HasPrefix(name, "md"):
		return devicePath(name), "mdadm --stop " + devicePath(name)
	case mapped == "":
		return devicePath(name), ""
	case strings.HasPrefix(kind, "CRYPT-"):
		return "/dev/mapper/" + mapped, "cryptsetup close " + mapped
	case strings.HasPrefix(kind, "LVM-"):
		return "/dev/mapper/" + mapped, "lvchange --activate n /dev/mapper/" + mapped
	default:
		return "/dev/mapper/" + mapped, "dmsetup remove " + mapped
	}
}

// refusal is why an image of so many bytes must not be written to the disk, or nil. Force lets fixed disks through, and
// nothing else.
func (d disk) refusal(image int64, force bool) error {
	at := devicePath(d.name)
	switch {
	case d.partitionOf != "":
		return fmt.Errorf("%s is a partition; give the whole card, %s", at, devicePath(d.partitionOf))
	case d.bytes == 0:
		return fmt.Errorf("%s has no medium; put the card into the reader", at)
	case len(d.madeOf) > 0:
		return fmt.Errorf("%s is no card but a volume made of %s; give the card itself", at, strings.Join(d.madeOf, " and "))
	}
	for _, u := range d.uses {
		if u.ofSystem() {
			return fmt.Errorf("%s holds the running system (%s); give another device", at, u)
		}
	}
	if len(d.uses) > 0 {
		// What lies deepest comes first, as it has to be ended first.
		var lines []string
		for _, u := range d.uses {
			line := "  " + u.String()
			if end := u.end(); end != "" {
				line += "; end that with: " + end
			}
			lines = append(lines, line)
		}
		return fmt.Errorf("%s is in use:\n%s", at, strings.Join(lines, "\n"))
	}
	switch {
	case d.readOnly:
		return fmt.Errorf("%s is write-protected; slide the switch on the card's side towards its contacts", at)
	case d.sector != sectorBytes:
		return fmt.Errorf("%s has sectors of %d bytes and the image is made for %d; take another card or reader", at, d.sector, sectorBytes)
	case d.bytes < image:
		return fmt.Errorf("%s has %s and the image needs %s; take a larger card", at, size(d.bytes), size(image))
	case !d.portable && !force:
		return fmt.Errorf("%s (%s) is a fixed disk, neither an SD card nor on USB; if it is the right one, add -force-fixed", at, d.describe())
	case d.bytes > largestCard && !force:
		return fmt.Errorf("%s (%s) is larger than any booth's card; if it is the right one, add -force-fixed", at, d.describe())
	}
	return nil
}

// describe is the disk in words that let a person recognise it.
func (d disk) describe() string {
	return strings.TrimSpace(d.model + " " + size(d.bytes))
}

// ofSystem tells whether the machine stops when this is overwritten. Such a device cannot be unmounted, so there is no
// point in saying how.
func (u use) ofSystem() bool {
	if u.mount == "/" {
		return true
	}
	for _, top := range []string{"/boot", "/efi", "/usr", "/var", "/etc", "/home", "/root", "/opt", "/srv", "/nix", "/sysroot"} {
		if u.mount == top || strings.HasPrefix(u.mount, top+"/") {
			return true
		}
	}
	return false
}

func (u use) String() string {
	switch {
	case u.swap:
		return u.device + " is swap space"
	case u.mount != "":
		return u.device + " is mounted on " + u.mount
	default:
		return u.device + " is part of " + u.holder
	}
}

// end is the command that ends the use, "" when there is none to tell.
func (u use) end() string {
	if u.mount != "" {
		return "sudo umount " + quote(u.mount)
	}
	if u.swap {
		return "sudo swapoff " + u.device
	}
	if u.close != "" {
		return "sudo " + u.close
	}
	return ""
}

// overwritten tells people what they are about to lose.
func (d disk) overwritten() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", devicePath(d.name), d.describe())
	for _, p := range d.parts {
		fmt.Fprintf(&b, "  %s: %s", p.device, size(p.bytes))
		for _, l := range p.labels {
			fmt.Fprintf(&b, " %q", l)
		}
		b.WriteByte('\n')
	}
	if len(d.parts) == 0 {
		b.WriteString("  no partitions\n")
	}
	return b.String()
}

// candidates are the disks that refusal lets through, for somebody who does not know which to give.
func candidates(root fs.FS) ([]disk, error) {
	entries, err := fs.ReadDir(root, "sys/class/block")
	if err != nil {
		return nil, fmt.Errorf("looking for disks: %w", err)
	}
	var found []disk
	for _, e := range entries {
		d, err := examine(root, e.Name())
		if err == nil && d.refusal(0, false) == nil {
			found = append(found, d)
		}
	}
	return found, nil
}

// mount is a line of /proc/self/mountinfo.
type mount struct{ device, point, source string }

// readMounts is in proc_pid_mountinfo(5): "36 35 98:0 /root /mount/point rw,noatime master:1 - ext3 /dev/root rw". The
// fields before the hyphen vary in number. Source counts as well as the device's numbers, which are made up for btrfs.
func readMounts(root fs.FS) ([]mount, error) {
	const file = "proc/self/mountinfo"
	b, err := fs.ReadFile(root, file)
	if err != nil {
		return nil, fmt.Errorf("reading what is mounted: %w", err)
	}
	var all []mount
	for line := range strings.Lines(string(b)) {
		fields := strings.Fields(line)
		hyphen := slices.Index(fields, "-")
		if hyphen < 6 || len(fields) < hyphen+3 {
			return nil, fmt.Errorf("reading what is mounted: /%s has a line of another form: %q", file, line)
		}
		all = append(all, mount{device: fields[2], point: unescape(fields[4]), source: unescape(fields[hyphen+2])})
	}
	return all, nil
}

// readSwaps are the devices of /proc/swaps. A swap file lies on a mounted file system.
func readSwaps(root fs.FS) ([]string, error) {
	b, err := fs.ReadFile(root, "proc/swaps")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a kernel without swap
	}
	if err != nil {
		return nil, fmt.Errorf("reading what is swap: %w", err)
	}
	var all []string
	for line := range strings.Lines(string(b)) {
		if fields := strings.Fields(line); len(fields) > 0 && strings.HasPrefix(fields[0], "/") {
			all = append(all, unescape(fields[0]))
		}
	}
	return all, nil
}

// unescape undoes the kernel's \040 for a space, and udev's \x20.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			digits, base := s[i+1:i+4], 8
			if digits[0] == 'x' {
				digits, base = digits[1:], 16
			}
			if c, err := strconv.ParseUint(digits, base, 8); err == nil {
				b.WriteByte(byte(c))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// quote makes one word of it for a shell, where that is needed.
func quote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:@", r)
	}
	if !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// devicePath is where the device of a name in /sys/class/block is; the kernel writes ! there for a slash.
func devicePath(name string) string {
	return "/dev/" + strings.ReplaceAll(name, "!", "/")
}

func exists(root fs.FS, file string) bool {
	_, err := fs.Stat(root, file)
	return err == nil
}

// text is a file's one line, "" when it is not there: most attributes are some devices' only.
func text(root fs.FS, file string) string {
	b, err := fs.ReadFile(root, file)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func number(root fs.FS, file string) (int64, error) {
	b, err := fs.ReadFile(root, file)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
}
