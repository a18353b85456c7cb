// Package pieces cuts a root file system where its content says so, so that two
// roots of which one part differs have all other pieces in common, wherever they
// lie: a booth takes from the root that runs what the new one has too.
//
// Hub and booth must cut alike, so this belongs to what they say to each other:
// another polynomial or other bounds would make every update a whole one. It
// opens nothing and starts nothing.
//
// Source: Rabin fingerprints, as restic cuts its files.
package pieces

import (
	"errors"
	"fmt"
	"io"

	"github.com/restic/chunker"
)

const (
	polynomial = chunker.Pol(0x3DA3358B4DC173) // irreducible, of degree 53
	least      = 128 << 10
	most       = 2 << 20
	// A piece has half a megabyte on the average beyond the least.
	averageBits = 19
)

// Cut reads r to its end and gives each piece, in order. The bytes are the
// caller's until each returns.
func Cut(r io.Reader, each func(piece []byte) error) error {
	c := chunker.NewWithBoundaries(r, polynomial, least, most)
	c.SetAverageBits(averageBits)
	buffer := make([]byte, most)
	for {
		piece, err := c.Next(buffer)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("cutting a root: %w", err)
		}
		if err := each(piece.Data); err != nil {
			return err
		}
	}
}
