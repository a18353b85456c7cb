// Browser makes the root file system of the booth's browser: Chromium on X.Org
// from Debian, for arm64, as one squashfs.
//
//	browser lock    asks Debian's archive which packages are current and writes lock.txt
//	browser build   makes the squashfs from exactly the packages of lock.txt
//
// lock.txt names every package file by its size and SHA-256. apt resolves and
// checks the archive's signatures when it is written; the build fetches the
// files, compares them with the lock and unpacks them. No maintainer script
// runs, so a machine of any architecture can do it, without root, and the same
// lock gives the same file, byte for byte.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), "usage: browser [flags] lock|build\n\nflags:\n")
		flag.PrintDefaults()
	}
	lockFile := flag.String("lock", "firmware/browser/lock.txt", "the lock's `file`")
	cache := flag.String("cache", "build/debian", "`folder` for packages already fetched")
	out := flag.String("out", "build/browser/browser.squashfs", "the squashfs to write")
	flag.Parse()
	var err error
	switch flag.Arg(0) {
	case "lock":
		err = renew(*lockFile)
	case "build":
		err = build(*lockFile, *cache, *out)
	default:
		flag.Usage()
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
}
