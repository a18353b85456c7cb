package main

import "loiret.fr/visioborne/firmware/debian"

// renewal is the command that writes the lock anew.
const renewal = "make browser-lock"

// wanted are the packages that the root is for; the others are what they depend on.
func wanted() []string {
	return []string{
		"chromium",
		"dash",
		"espeak-ng", // the spoken mode's voice
		"e2fsprogs", // makes and repairs /perm at boot
		"fonts-dejavu-core",
		"xserver-xorg-core",
		"xserver-xorg-input-evdev", // needs no udev, unlike libinput's driver
		"xserver-xorg-video-fbdev",
	}
}

// renew writes the lock anew, with what is current in Debian's archive.
func renew(file string) error {
	return debian.Renew(file, "The packages of the browser's root, written by `make browser-lock`.",
		[]string{"arm64"}, append([]string{"install"}, wanted()...))
}
