// What the image is built from, besides this repository: gokrazy's programs,
// the kernel and the Raspberry Pi's firmware. Everything is pinned.
module loiret.fr/visioborne/firmware/gok/borne

go 1.26.0

require (
	github.com/gokrazy/firmware v0.0.0-20260522070551-527ce0ed43cf
	github.com/gokrazy/gokrazy v0.0.0-20260418085648-c38c3134b8a7
	github.com/gokrazy/kernel.rpi v0.0.0-20251127164438-9778ec0261de
	github.com/gokrazy/rpi-eeprom v0.0.0-20260518070910-95f7328a8228
	loiret.fr/visioborne v0.0.0
)

replace loiret.fr/visioborne => ../../../..
