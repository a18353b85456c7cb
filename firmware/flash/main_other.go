//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "flash: this runs on Linux only. On macOS and Windows, write build/visioborne.img.xz with Raspberry Pi Imager "+
		"(https://www.raspberrypi.com/software/: Choose OS, Use custom), and then put visioborne.yaml onto the card's drive VISIOBORNE.")
	os.Exit(1)
}
