package m2m

import "image"

// Level is the number, as V4L2_CID_MPEG_VIDEO_H264_LEVEL has it, of the lowest
// level of H.264 that carries pictures of a size, rate and bitrate (table A-1).
// Below 3.1 there is no need to go: what a call offers, 42e01f, is 3.1.
func Level(size image.Point, frameRate float32, bitrate int) int32 {
	blocks := (size.X + 15) / 16 * ((size.Y + 15) / 16)
	for _, l := range []struct {
		number, blocks, perSecond, kbits int
	}{
		{9, 3600, 108_000, 14_000},    // 3.1
		{10, 5120, 216_000, 20_000},   // 3.2
		{11, 8192, 245_760, 20_000},   // 4.0
		{12, 8192, 245_760, 50_000},   // 4.1
		{13, 8704, 522_240, 50_000},   // 4.2
		{14, 22080, 589_824, 135_000}, // 5.0
	} {
		if blocks <= l.blocks && float32(blocks)*frameRate <= float32(l.perSecond) && bitrate <= 1000*l.kbits {
			return int32(l.number)
		}
	}
	return 15 // 5.1
}
