//go:build race

package echo

// racing: the race detector makes the long scenes ten times as long, and has
// nothing to find in them.
const racing = true
