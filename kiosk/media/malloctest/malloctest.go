// Package malloctest tells how much memory the C libraries of a program hold, in
// which Go's own figures have no part. Only tests import it. It owns no goroutine.
//
// Sources: malloc_trim(3) and mallinfo(3) of the GNU C library, and its manual on memory allocation tunables.
package malloctest

// #include <malloc.h>
import "C"

// Trim gives the system back what was freed, as far as pages are wholly free and lie in the
// middle of an arena or at the end of the main one. Without it a program's size says more about
// the order of its calls than about what it holds.
func Trim() { C.malloc_trim(0) }

// InUse is what was allocated and not freed, in bytes, in all arenas. What a thread keeps for its
// next small allocations counts as in use, unless glibc.malloc.tcache_count is 0 in GLIBC_TUNABLES.
func InUse() int {
	m := C.mallinfo2()
	return int(m.uordblks + m.hblkhd)
}
