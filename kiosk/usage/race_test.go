//go:build race

package usage

// racing: the race detector makes sixty days six times as long, and finds in them what it finds in fifteen.
const racing = true
