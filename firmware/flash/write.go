package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"unsafe"
)

// chunkBytes is what is written, and later compared, at once.
const chunkBytes = mib

// chunk is a part of the card and what it must hold.
type chunk struct {
	at, bytes int64
	sum       [sha256.Size]byte
}

// plan is what to write to a card of so many bytes. Besides the image's parts these are zeros: at the beginning of /perm,
// where init would find an earlier booth's file system, and at the card's end, where programs look for the second copy of
// a partition table, or for a RAID. The image's own second copy ends with the image, and the first names that place.
func plan(i image, parts []span, card int64) ([]span, error) {
	parts = slices.Clone(parts)
	const table = 34 * sectorBytes // as long as every partition table of this kind is
	if len(parts) == 0 || parts[0].from != 0 || parts[0].to < table {
		return nil, errors.New("the block map leaves out the partition table; make the image again, or remove the map to do without")
	}
	parts = addZeros(parts, i.perm.from, min(i.perm.from+mib, i.perm.to))
	return addZeros(parts, max(i.bytes, card-mib), card), nil
}

// addZeros adds what is not in the sorted parts, from one byte to before the other, as zeros.
func addZeros(parts []span, from, to int64) []span {
	var all []span
	add := func(until int64) {
		if from < until {
			all = append(all, span{from: from, to: until, zero: true})
		}
	}
	for _, p := range parts {
		add(min(p.from, to))
		from = max(from, p.to)
		all = append(all, p)
	}
	add(to)
	slices.SortFunc(all, func(a, b span) int { return int(min(1, max(-1, a.from-b.from))) })
	return all
}

// writeCard writes the plan's parts and tells what the card must then hold. The first chunk, with the partition table, is
// zeros until everything else is there: nothing takes a half-written card for a booth's, or for what it was before.
func writeCard(ctx context.Context, src io.Reader, i image, parts []span, card io.WriterAt, name string, p *progress) ([]chunk, error) {
	p.start("writing", total(parts))
	var chunks []chunk
	put := func(b []byte, at int64) error {
		if _, err := card.WriteAt(b, at); err != nil {
			return fmt.Errorf("writing %s at %s: %w", name, place(at), cause(err))
		}
		return nil
	}
	zeros := make([]byte, chunkBytes)
	if err := put(zeros, 0); err != nil {
		return nil, err
	}
	var table []byte
	buf := make([]byte, chunkBytes)
	var read int64 // how far the image has been read
	for _, s := range parts {
		whole := sha256.New()
		for at := s.from; at < s.to; at += chunkBytes {
			if err := ctx.Err(); err != nil {
				return nil, errInterrupted
			}
			b := zeros[:min(chunkBytes, s.to-at)]
			if !s.zero {
				b = buf[:len(b)]
				if err := skip(src, at-read); err != nil {
					return nil, fmt.Errorf("reading %s at %s: %w", i.file, place(read), cause(err))
				}
				if _, err := io.ReadFull(src, b); err != nil {
					return nil, fmt.Errorf("reading %s at %s: %w", i.file, place(at), cause(err))
				}
				read = at + int64(len(b))
				whole.Write(b)
			}
			chunks = append(chunks, chunk{at: at, bytes: int64(len(b)), sum: sha256.Sum256(b)})
			if at == 0 {
				table = slices.Clone(b)
				continue
			}
			if err := put(b, at); err != nil {
				return nil, err
			}
			p.add(int64(len(b)))
		}
		if s.sum != nil && !bytes.Equal(s.sum, whole.Sum(nil)) {
			return nil, fmt.Errorf("reading %s from %s to %s: the checksum is not that of its block map: one of them is damaged, or they are not of the same image; make the image again",
				i.file, place(s.from), place(s.to))
		}
	}
	// A compressed image tells only at its end whether it is whole.
	if err := skip(src, i.bytes-read); err != nil {
		return nil, fmt.Errorf("reading %s at %s: %w", i.file, place(read), cause(err))
	}
	if n, err := src.Read(buf[:1]); n != 0 || !errors.Is(err, io.EOF) {
		if n != 0 {
			err = errors.New("it is longer than its partition table says")
		}
		return nil, fmt.Errorf("reading %s at its end: %w", i.file, cause(err))
	}
	if err := put(table, 0); err != nil {
		return nil, err
	}
	p.add(int64(len(table)))
	return chunks, nil
}

// skip leaves out part of the image; only a file can do so without reading.
func skip(src io.Reader, n int64) error {
	if n == 0 {
		return nil
	}
	if s, ok := src.(io.Seeker); ok {
		_, err := s.Seek(n, io.SeekCurrent)
		return err
	}
	_, err := io.CopyN(io.Discard, src, n)
	return err
}

// verify reads the card back. All has been written by then, so a card that pretends to be larger than it is shows too.
func verify(ctx context.Context, card io.ReaderAt, name string, chunks []chunk, p *progress) error {
	var bytes int64
	for _, c := range chunks {
		bytes += c.bytes
	}
	p.start("verifying", bytes)
	buf := pages(chunkBytes)
	for _, c := range chunks {
		if err := ctx.Err(); err != nil {
			return errInterrupted
		}
		b := buf[:c.bytes]
		if _, err := card.ReadAt(b, c.at); err != nil {
			return fmt.Errorf("reading back %s at %s: %w", name, place(c.at), cause(err))
		}
		if sha256.Sum256(b) != c.sum {
			return fmt.Errorf("verifying %s at %s: it does not hold what was written; the card, or its reader, is worn out or a fake: take another", name, place(c.at))
		}
		p.add(c.bytes)
	}
	p.end()
	return nil
}

// errInterrupted is Ctrl-C.
var errInterrupted = errors.New("interrupted")

func total(parts []span) int64 {
	var n int64
	for _, s := range parts {
		n += s.to - s.from
	}
	return n
}

// pages is memory that begins at a page, as reading past the page cache wants it.
func pages(n int) []byte {
	const page = 4096
	b := make([]byte, n+page)
	off := (page - int(uintptr(unsafe.Pointer(&b[0]))%page)) % page
	return b[off : off+n : off+n]
}

// place is an offset for people: in MiB, and exactly where it is on none.
func place(at int64) string {
	if at%mib == 0 {
		return fmt.Sprintf("%d MiB", at/mib)
	}
	return fmt.Sprintf("byte %d", at)
}

// cause leaves the file's name to the sentence around it.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
