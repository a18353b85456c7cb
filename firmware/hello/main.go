// Hello is the program of the bare gokrazy image that the booth's is measured
// beside: it says on the console that it runs, and that is all.
package main

import (
	"fmt"
	"os"
	"time"
)

func main() {
	console, err := os.OpenFile("/dev/console", os.O_WRONLY, 0)
	if err != nil {
		fmt.Fprintln(os.Stderr, "hello:", err)
		os.Exit(1)
	}
	fmt.Fprintln(console, "hello: ready")
	for {
		time.Sleep(time.Hour) // gokrazy starts a program again that ends
	}
}
