// Libvpx gets the VP8 codec that kiosk/media/vp8 links: the headers and the
// static libraries of Debian's libvpx-dev, for amd64 and arm64.
//
//	libvpx lock    asks Debian's archive which version is current and writes lock.txt
//	libvpx get     fetches the packages of lock.txt and unpacks what a build needs
//
// A booth's service is built for both, and Debian's own cross packages would
// need root and a second architecture in the machine's dpkg. It writes to
// build/libvpx and build/debian only, and installs nothing.
package main

import (
	"flag"
	"fmt"
	"os"

	"loiret.fr/visioborne/firmware/debian"
)

// renewal is the command that writes the lock anew.
const renewal = "make libvpx-lock"

func main() {
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), "usage: libvpx [flags] lock|get\n\nflags:\n")
		flag.PrintDefaults()
	}
	lockFile := flag.String("lock", "firmware/libvpx/lock.txt", "the lock's `file`")
	cache := flag.String("cache", "build/debian", "`folder` for packages already fetched")
	out := flag.String("out", "build/libvpx", "`folder` to make")
	flag.Parse()
	var err error
	switch flag.Arg(0) {
	case "lock":
		err = debian.Renew(*lockFile, "The VP8 codec that the service links, written by `"+renewal+"`.",
			[]string{"amd64", "arm64"}, []string{"download", "libvpx-dev"})
	case "get":
		err = debian.GetLibrary(*lockFile, *cache, *out, renewal, "libvpx.a")
	default:
		flag.Usage()
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "libvpx:", err)
		os.Exit(1)
	}
}
