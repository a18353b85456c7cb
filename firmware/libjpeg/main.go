// Libjpeg gets the decoder that kiosk/media/mjpeg links: the headers and the
// static libraries of Debian's libjpeg62-turbo-dev, for amd64 and arm64.
//
//	libjpeg lock   asks Debian's archive which version is current and writes lock.txt
//	libjpeg get    fetches the packages of lock.txt and unpacks what a build needs
//
// A booth's service is built for both, and Debian's own cross packages would
// need root and a second architecture in the machine's dpkg. It writes to
// build/libjpeg and build/debian only, and installs nothing.
package main

import (
	"flag"
	"fmt"
	"os"

	"loiret.fr/visioborne/firmware/debian"
)

// renewal is the command that writes the lock anew.
const renewal = "make libjpeg-lock"

func main() {
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), "usage: libjpeg [flags] lock|get\n\nflags:\n")
		flag.PrintDefaults()
	}
	lockFile := flag.String("lock", "firmware/libjpeg/lock.txt", "the lock's `file`")
	cache := flag.String("cache", "build/debian", "`folder` for packages already fetched")
	out := flag.String("out", "build/libjpeg", "`folder` to make")
	flag.Parse()
	var err error
	switch flag.Arg(0) {
	case "lock":
		err = debian.Renew(*lockFile, "The JPEG decoder that the service links, written by `"+renewal+"`.",
			[]string{"amd64", "arm64"}, []string{"download", "libjpeg62-turbo-dev"})
	case "get":
		err = debian.GetLibrary(*lockFile, *cache, *out, renewal, "libjpeg.a")
	default:
		flag.Usage()
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "libjpeg:", err)
		os.Exit(1)
	}
}
