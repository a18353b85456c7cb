package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree is files below a root: their text, or where they link to after "-> ".
type tree map[string]string

func (tr tree) write(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range tr {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(to, file)
		} else {
			err = os.WriteFile(file, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// machine has the disk sda with the system on a logical volume on an encrypted partition, /boot beside it; a USB card
// reader sdb with a card; and a card in a slot, mmcblk0.
func machine() tree {
	const pci = "sys/devices/pci0000:00/"
	return tree{
		"proc/self/mountinfo": "28 1 253:1 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw\n" +
			"29 28 8:1 / /boot rw shared:2 master:1 - ext4 /dev/sda1 rw\n" +
			"30 28 0:5 / /proc rw - proc proc rw\n",
		"proc/swaps": "Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n/dev/zram0\tpartition\t1\t0\t-2\n",

		pci + "ata1/block/sda/size":              "1000215216\n",
		pci + "ata1/block/sda/dev":               "8:0\n",
		pci + "ata1/block/sda/removable":         "0\n",
		pci + "ata1/block/sda/sda1/partition":    "1\n",
		pci + "ata1/block/sda/sda1/dev":          "8:1\n",
		pci + "ata1/block/sda/sda2/partition":    "2\n",
		pci + "ata1/block/sda/sda2/dev":          "8:2\n",
		pci + "ata1/block/sda/sda2/holders/dm-0": "",
		pci + "ata1/block/sda/device/model":      "Samsung SSD 860\n",
		"sys/class/block/sda":                    "-> ../../devices/pci0000:00/ata1/block/sda",
		"sys/class/block/sda1":                   "-> ../../devices/pci0000:00/ata1/block/sda/sda1",
		"sys/class/block/sda2":                   "-> ../../devices/pci0000:00/ata1/block/sda/sda2",

		"sys/devices/virtual/block/dm-0/size":         "900000000\n",
		"sys/devices/virtual/block/dm-0/dev":          "253:0\n",
		"sys/devices/virtual/block/dm-0/dm/name":      "sda2_crypt\n",
		"sys/devices/virtual/block/dm-0/dm/uuid":      "CRYPT-LUKS2-abc\n",
		"sys/devices/virtual/block/dm-0/holders/dm-1": "",
		"sys/devices/virtual/block/dm-0/slaves/sda2":  "",
		"sys/devices/virtual/block/dm-1/size":         "800000000\n",
		"sys/devices/virtual/block/dm-1/dev":          "253:1\n",
		"sys/devices/virtual/block/dm-1/dm/name":      "vg-root\n",
		"sys/devices/virtual/block/dm-1/dm/uuid":      "LVM-abc\n",
		"sys/devices/virtual/block/dm-1/slaves/dm-0":  "",
		"sys/class/block/dm-0":                        "-> ../../devices/virtual/block/dm-0",
		"sys/class/block/dm-1":                        "-> ../../devices/virtual/block/dm-1",

		pci + "usb1/1-1/block/sdb/size":                            "62333952\n",
		pci + "usb1/1-1/block/sdb/dev":                             "8:16\n",
		pci + "usb1/1-1/block/sdb/ro":                              "0\n",
		pci + "usb1/1-1/block/sdb/removable":                       "1\n",
		pci + "usb1/1-1/block/sdb/queue/logical_block_size":        "512\n",
		pci + "usb1/1-1/block/sdb/device/vendor":                   "Generic \n",
		pci + "usb1/1-1/block/sdb/device/model":                    "STORAGE DEVICE  \n",
		pci + "usb1/1-1/block/sdb/sdb1/partition":                  "1\n",
		pci + "usb1/1-1/block/sdb/sdb1/dev":                        "8:17\n",
		pci + "usb1/1-1/block/sdb/sdb1/size":                       "204800\n",
		pci + "usb1/1-1/block/sdb/sdb1/uevent":                     "DEVTYPE=partition\nPARTNAME=boot\n",
		pci + "usb1/1-1/block/sdb/sdb2/partition":                  "2\n",
		pci + "usb1/1-1/block/sdb/sdb2/dev":                        "8:18\n",
		pci + "usb1/1-1/block/sdb/sdb2/size":                       "61440000\n",
		"sys/class/block/sdb":                                      "-> ../../devices/pci0000:00/usb1/1-1/block/sdb",
		"sys/class/block/sdb1":                                     "-> ../../devices/pci0000:00/usb1/1-1/block/sdb/sdb1",
		"sys/class/block/sdb2":                                     "-> ../../devices/pci0000:00/usb1/1-1/block/sdb/sdb2",
		"dev/disk/by-label/Photos\\x20d\\x27\\xc3\\xa9t\\xc3\\xa9": "-> ../../sdb2",

		"sys/devices/platform/mmc0/block/mmcblk0/size":        "31116288\n",
		"sys/devices/platform/mmc0/block/mmcblk0/removable":   "0\n",
		"sys/devices/platform/mmc0/block/mmcblk0/device/type": "SD\n",
		"sys/devices/platform/mmc0/block/mmcblk0/device/name": "SC16G\n",
		"sys/class/block/mmcblk0":                             "-> ../../devices/platform/mmc0/block/mmcblk0",
		"sys/devices/virtual/block/md127/size":                "61440000\n",
		"sys/devices/virtual/block/md127/dev":                 "9:127\n",
		"sys/class/block/md127":                               "-> ../../devices/virtual/block/md127",
		"sys/devices/virtual/block/zram0/size":                "100000\n",
		"sys/class/block/zram0":                               "-> ../../devices/virtual/block/zram0",
	}
}

const reader = "sys/devices/pci0000:00/usb1/1-1/block/sdb/"

func TestRefusal(t *testing.T) {
	mounts := machine()["proc/self/mountinfo"]
	for name, c := range map[string]struct {
		disk   string
		change tree
		force  bool
		want   string // "" when it may be written
	}{
		"a card in a USB reader": {disk: "sdb"},
		"a card in a slot":       {disk: "mmcblk0"},
		"a partition":            {disk: "sdb1", want: "/dev/sdb1 is a partition; give the whole card, /dev/sdb"},
		"an empty reader":        {disk: "sdb", change: tree{reader + "size": "0\n"}, want: "/dev/sdb has no medium; put the card into the reader"},
		"the system's disk":      {disk: "sda", want: "/dev/sda holds the running system (/dev/sda1 is mounted on /boot); give another device"},
		"the system's disk, forced": {
			disk: "sda", force: true,
			want: "/dev/sda holds the running system (/dev/sda1 is mounted on /boot); give another device",
		},
		"the system below a volume below an encryption": {
			disk: "sda", force: true,
			change: tree{"proc/self/mountinfo": "28 1 253:1 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw\n"},
			want:   "/dev/sda holds the running system (/dev/mapper/vg-root is mounted on /); give another device",
		},
		"the system with btrfs' numbers": {
			disk: "sda", force: true,
			change: tree{"proc/self/mountinfo": "28 1 0:29 /@ / rw,relatime shared:1 - btrfs /dev/mapper/vg-root rw\n"},
			want:   "/dev/sda holds the running system (/dev/mapper/vg-root is mounted on /); give another device",
		},
		"a volume": {disk: "dm-1", force: true, want: "/dev/dm-1 is no card but a volume made of /dev/dm-0; give the card itself"},
		"mounted": {
			disk:   "sdb",
			change: tree{"proc/self/mountinfo": mounts + "40 28 8:18 / /media/anne/Photos\\040d'ete rw - vfat /dev/sdb2 rw\n"},
			want:   "/dev/sdb is in use:\n  /dev/sdb2 is mounted on /media/anne/Photos d'ete; end that with: sudo umount '/media/anne/Photos d'\\''ete'",
		},
		"mounted without partitions": {
			disk:   "sdb",
			change: tree{"proc/self/mountinfo": mounts + "40 28 8:16 / /mnt rw - vfat /dev/sdb rw\n"},
			want:   "/dev/sdb is in use:\n  /dev/sdb is mounted on /mnt; end that with: sudo umount /mnt",
		},
		"forced and mounted": {
			disk: "sdb", force: true,
			change: tree{"proc/self/mountinfo": mounts + "40 28 8:17 / /mnt rw - vfat /dev/sdb1 rw\n"},
			want:   "/dev/sdb is in use:\n  /dev/sdb1 is mounted on /mnt; end that with: sudo umount /mnt",
		},
		"swap": {
			disk:   "sdb",
			change: tree{"proc/swaps": "Filename Type Size Used Priority\n/dev/sdb2 partition 1 0 -2\n"},
			want:   "/dev/sdb is in use:\n  /dev/sdb2 is swap space; end that with: sudo swapoff /dev/sdb2",
		},
		"swap that the kernel calls otherwise": {
			disk:   "sda",
			change: tree{"proc/self/mountinfo": "", "proc/swaps": "Filename Type Size Used Priority\n/dev/dm-1 partition 1 0 -2\n"},
			force:  true,
			want:   "/dev/sda is in use:\n  /dev/mapper/vg-root is swap space; end that with: sudo swapoff /dev/mapper/vg-root\n",
		},
		"a RAID's": {
			disk:   "sdb",
			change: tree{reader + "sdb2/holders/md127": ""},
			want:   "/dev/sdb is in use:\n  /dev/sdb2 is part of /dev/md127; end that with: sudo mdadm --stop /dev/md127",
		},
		"the RAID of a whole disk": {
			disk:   "sdb",
			change: tree{reader + "holders/md127": ""},
			want:   "/dev/sdb is in use:\n  /dev/sdb is part of /dev/md127; end that with: sudo mdadm --stop /dev/md127",
		},
		"encrypted and open": {
			disk:   "sda",
			change: tree{"proc/self/mountinfo": ""},
			force:  true,
			want: "/dev/sda is in use:\n  /dev/mapper/sda2_crypt is part of /dev/mapper/vg-root; end that with: sudo lvchange --activate n /dev/mapper/vg-root\n" +
				"  /dev/sda2 is part of /dev/mapper/sda2_crypt; end that with: sudo cryptsetup close sda2_crypt",
		},
		"a lock switch":  {disk: "sdb", change: tree{reader + "ro": "1\n"}, want: "/dev/sdb is write-protected; slide the switch on the card's side towards its contacts"},
		"large sectors":  {disk: "sdb", change: tree{reader + "queue/logical_block_size": "4096\n"}, want: "/dev/sdb has sectors of 4096 bytes and the image is made for 512; take another card or reader"},
		"too small":      {disk: "sdb", change: tree{reader + "size": "2000000\n"}, want: "/dev/sdb has 1.0 GB and the image needs 1.4 GB; take a larger card"},
		"a fixed disk":   {disk: "zram0", change: tree{"sys/devices/virtual/block/zram0/size": "10000000\n", "proc/swaps": ""}, want: "/dev/zram0 (5.1 GB) is a fixed disk, neither an SD card nor on USB; if it is the right one, add -force-fixed"},
		"that is meant":  {disk: "zram0", change: tree{"sys/devices/virtual/block/zram0/size": "10000000\n", "proc/swaps": ""}, force: true},
		"a backup disk":  {disk: "sdb", change: tree{reader + "size": "3907029168\n"}, want: "/dev/sdb (Generic STORAGE DEVICE 2000.4 GB) is larger than any booth's card; if it is the right one, add -force-fixed"},
		"eMMC":           {disk: "mmcblk0", change: tree{"sys/devices/platform/mmc0/block/mmcblk0/device/type": "MMC\n"}, want: "/dev/mmcblk0 (SC16G 15.9 GB) is a fixed disk, neither an SD card nor on USB; if it is the right one, add -force-fixed"},
		"no swap at all": {disk: "sdb", change: tree{"proc/swaps": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			m := machine()
			maps.Copy(m, c.change)
			d, err := examine(os.DirFS(m.write(t)), c.disk)
			if err != nil {
				t.Fatal(err)
			}
			err = d.refusal(1.4e9, c.force)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// What cannot be read must not count as free.
func TestUnreadable(t *testing.T) {
	for name, text := range map[string]string{"proc/self/mountinfo": "28 1 8:1 / / rw\n", reader + "size": "much\n"} {
		m := machine()
		m[name] = text
		if _, err := examine(os.DirFS(m.write(t)), "sdb"); err == nil {
			t.Errorf("%s with %q is taken", name, text)
		}
	}
	m := machine()
	delete(m, "proc/self/mountinfo")
	if _, err := examine(os.DirFS(m.write(t)), "sdb"); err == nil {
		t.Error("no list of mounts is taken for nothing mounted")
	}
}

func TestOverwritten(t *testing.T) {
	root := os.DirFS(machine().write(t))
	d, err := examine(root, "sdb")
	if err != nil {
		t.Fatal(err)
	}
	const want = "/dev/sdb: Generic STORAGE DEVICE 31.9 GB\n  /dev/sdb1: 104 MB \"boot\"\n  /dev/sdb2: 31.5 GB \"Photos d'été\"\n"
	if got := d.overwritten(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	found, err := candidates(root)
	if err != nil || len(found) != 2 || found[0].name != "mmcblk0" || found[1].name != "sdb" {
		t.Errorf("candidates %v, %v", found, err)
	}
}
