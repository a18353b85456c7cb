# make run     start a hub and a booth with simulated devices
# make test    install what the tests need and run them all
# make fuzz    fuzz all that parses input, FUZZTIME=20s each
# make gallery take the pictures of every screen anew, which the tests compare with
# make bench   measure, beside a baseline in the same run
# make check   format, vet and lint
# make image   build the SD card's image (HUB=wss://... puts the hub's address on it)
# make flash DEVICE=/dev/sdX SITE=gien   write the image to a card, for that site; CODE=, HUB=, SETTINGS=FILE, YES=1
# make deb     package the hub for Debian (DEB_ARCH=arm64 for another machine)
# make kernel  build a kernel with the addendum's drivers, which make image takes from then on
# make vm      start the image in an emulated machine; vm-test proves it there
# make device-test   test the device drivers in a machine with simulated devices (PKG=./kiosk/..., RUN=TestDevice...,
#                DEVICE_TEST_FLAGS='-leak 1m': look for leaks for a minute instead of ten)
# make browser-lock  renew the pins of the browser's packages; libvpx-lock and libjpeg-lock those of the codecs

GO      ?= go
BUILD   := build
GO_SRC  := $(shell find config hub kiosk ui firmware -name '*.go' -not -path '*/node_modules/*') go.mod go.sum
UI_SRC  := $(shell find ui -path ui/node_modules -prune -o -path ui/dist -prune -o -path ui/e2e -prune -o -type f -print)
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
# When the sources were made: a booth's clock cannot be before.
MADE    := $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
LDFLAGS := -X main.version=$(VERSION)
# The static codecs, which Go's own tools cannot fetch.
LIBVPX  := $(BUILD)/libvpx/.got
LIBJPEG := $(BUILD)/libjpeg/.got

.PHONY: run build ui test beside fast fuzz e2e pages calls gallery bench lab check deps pictures clean image repeat flash deb kernel browser-lock libvpx libvpx-lock libjpeg libjpeg-lock vm vm-test device-test

run: build
	@exec $(BUILD)/demo

build: $(BUILD)/hub $(BUILD)/kiosk $(BUILD)/demo

ui: ui/dist/.built

ui/dist/.built: $(UI_SRC) go.mod
	$(GO) run ./ui/build
	@touch $@

# Go decides what to compile anew; make only keeps the pages before the binaries.
$(BUILD)/hub: $(GO_SRC) ui/dist/.built
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./hub

# The hub's package: one static program, its unit, an example of its configuration. Versions follow the commits' times.
DEB_ARCH    ?= amd64
DEB_VERSION ?= 0.$(shell date -u -d @$(MADE) +%Y%m%d.%H%M%S)+$(VERSION)

deb: ui
	CGO_ENABLED=0 GOARCH=$(DEB_ARCH) $(GO) build -trimpath -ldflags '-s -w $(LDFLAGS)' -o $(BUILD)/deb/$(DEB_ARCH)/hub ./hub
	SOURCE_DATE_EPOCH=$(MADE) DEB_ARCH='$(DEB_ARCH)' DEB_VERSION='$(DEB_VERSION)' DEB_BINARY=$(BUILD)/deb/$(DEB_ARCH)/hub \
		$(GO) tool nfpm package -f hub/debian/nfpm.yaml -p deb -t $(BUILD)/

$(BUILD)/kiosk: $(GO_SRC) ui/dist/.built $(LIBVPX) $(LIBJPEG)
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./kiosk

libvpx: $(LIBVPX)

$(LIBVPX): firmware/libvpx/lock.txt
	$(GO) run ./firmware/libvpx get
	@touch $@

libjpeg: $(LIBJPEG)

$(LIBJPEG): firmware/libjpeg/lock.txt
	$(GO) run ./firmware/libjpeg get
	@touch $@

libjpeg-lock:
	$(GO) run ./firmware/libjpeg lock

libvpx-lock:
	$(GO) run ./firmware/libvpx lock

$(BUILD)/qemu: $(GO_SRC)
	$(GO) build -trimpath -o $@ ./firmware/qemu

$(BUILD)/cable: $(GO_SRC)
	$(GO) build -trimpath -o $@ ./ui/e2e/cable

$(BUILD)/flash: $(GO_SRC)
	$(GO) build -trimpath -o $@ ./firmware/flash

# What make bench puts a département's load on, and what does it.
$(BUILD)/nats-server: go.mod
	$(GO) build -trimpath -o $@ github.com/nats-io/nats-server/v2

$(BUILD)/load: $(GO_SRC)
	$(GO) build -trimpath -o $@ ./ui/e2e/load

$(BUILD)/demo: $(GO_SRC)
	$(GO) build -trimpath -o $@ ./hub/demo

# The root file system of the booth's browser.
$(BUILD)/browser/browser.squashfs: firmware/browser/lock.txt $(wildcard firmware/browser/*.go firmware/browser/*.json firmware/debian/*.go)
	$(GO) run ./firmware/browser build

browser-lock:
	$(GO) run ./firmware/browser lock

image: $(BUILD)/visioborne.img

$(BUILD)/visioborne.img: $(GO_SRC) ui/dist/.built $(LIBVPX) $(LIBJPEG) gokr-packer.json $(BUILD)/browser/browser.squashfs $(wildcard $(BUILD)/kernel/vmlinuz)
	$(GO) run ./firmware/image -version '$(VERSION)' -made $(MADE) -hub '$(HUB)' $(IMAGE_FLAGS)

# The image on a card. Root's are the devices; IMAGE=FILE.img.xz takes one that was made elsewhere.
flash: $(BUILD)/flash $(if $(DEVICE),$(if $(IMAGE),,$(BUILD)/visioborne.img))
	@$(if $(filter 0,$(shell id -u)),,sudo) $(BUILD)/flash -image '$(or $(IMAGE),$(BUILD)/visioborne.img)' -device '$(DEVICE)' \
		-site '$(SITE)' -hub '$(HUB)' -code '$(CODE)' -settings '$(SETTINGS)' $(if $(YES),-yes) $(FLASH_FLAGS)

kernel:
	$(GO) run ./firmware/kernel $(KERNEL_FLAGS)

# The image in an emulated machine, from the first start to a call. Those stories that mostly wait for a machine to start
# do so beside each other.
vm-test: build $(BUILD)/qemu $(BUILD)/visioborne.img $(BUILD)/vm/next.release.json
	cd ui/e2e && npx playwright test -c vm.config.ts booth inside
	cd ui/e2e && npx playwright test -c vm.config.ts cuts update maintenance --workers 2

# The tests of drivers, with the kernel's own drivers below them.
device-test: ui libvpx libjpeg
	$(GO) run ./firmware/devicetest $(if $(RUN),-run '$(RUN)') $(DEVICE_TEST_FLAGS) $(PKG)

# The same inputs give the same boot and root trees.
repeat: $(BUILD)/visioborne.img
	$(GO) run ./firmware/image -version '$(VERSION)' -made $(MADE) -hub '$(HUB)' -out $(BUILD)/again/visioborne.img -image-only
	$(GO) run ./firmware/image -out $(BUILD)/again/visioborne.img -compare $(BUILD)/visioborne.img
	rm -r $(BUILD)/again

# The same sources as another release, for tests of updates.
$(BUILD)/vm/next.release.json: $(BUILD)/visioborne.img
	$(GO) run ./firmware/image -version vm-next -made $(MADE) -out $(BUILD)/vm/next.img -image-only
	rm $(BUILD)/vm/next.img

# gokrazy's own image with next to nothing in it, for comparison.
$(BUILD)/hello.img: $(wildcard firmware/hello/*.go firmware/image/*.go) gokr-packer.json
	$(GO) run ./firmware/image -hello -out $@

vm: $(BUILD)/visioborne.img
	$(GO) run ./firmware/qemu $(VM_FLAGS)

# The device machine looks for leaks for ten minutes, most of which it waits: beside it there is time for the tests of packages,
# the stories of pages, and the images. Each one's output comes in one piece, when it has ended; when one fails the other goes on
# to its end, and nothing follows.
test: deps check
	$(MAKE) -j2 --output-sync=target beside device-test
	$(MAKE) calls
	$(MAKE) repeat vm-test IMAGE_FLAGS=-image-only

beside:
	$(MAKE) fast
	$(MAKE) pages
	$(MAKE) $(BUILD)/vm/next.release.json IMAGE_FLAGS=-image-only

# What the tests need beyond Go and a C/C++ compiler. As root, apt installs it; otherwise it must be there.
deps:
	.ci/deps

check: ui libvpx libjpeg
	test -z "$$($(GO) tool gofumpt -l $$(git ls-files '*.go'))" || { $(GO) tool gofumpt -d $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) tool exhaustive -d ./...
	$(GO) tool go-check-sumtype ./...
	cd ui && npx tsc --noEmit -p . && npx tsc --noEmit -p e2e

fast: ui libvpx libjpeg
	GO='$(GO)' .ci/race $$($(GO) list ./... | grep -v -e /hub/figures$$ -e /e2e/counting$$)
	$(GO) test ./kiosk/media/audio/echo ./kiosk/usage ./hub/figures ./ui/e2e/counting

# Every fuzz test for a while with inputs of its own making (make test runs their seeds). What it finds is in the package's
# testdata/fuzz, from where it is a seed too.
FUZZTIME ?= 20s
fuzz: ui libvpx libjpeg
	git ls-files '*_test.go' | xargs grep -o '^func Fuzz[A-Za-z0-9_]*' | sed 's|/[^/]*:func | |' | sort | while read package test; do \
		echo "./$$package $$test"; $(GO) test "./$$package" -run '^$$' -fuzz "^$$test\$$" -fuzztime $(FUZZTIME) || exit; done

e2e: pages
	$(MAKE) calls

pages: build
	cd ui/e2e && npx playwright test --project pages --workers 3

calls: build
	cd ui/e2e && npx playwright test --project calls

# The pictures of every screen on every panel. What has changed shows in the diff: look at it before it is committed.
gallery: ui
	rm -rf ui/e2e/tests/gallery.spec.ts-snapshots
	cd ui/e2e && npx playwright test --project pages -g 'is as its picture' --update-snapshots

bench: deps build $(BUILD)/load $(BUILD)/nats-server $(BUILD)/cable $(BUILD)/qemu $(BUILD)/visioborne.img $(BUILD)/hello.img $(BUILD)/vm/next.release.json
	$(GO) run -tags compare ./kiosk/media/audio/echo/measure
	$(BUILD)/load
	cd ui/e2e && npx playwright test -c bench.config.ts

# The network laboratory: calls on bad lines, beside Chromium's own on the same; a table in build/lab.md.
lab: build $(BUILD)/cable
	cd ui/e2e && npx playwright test -c lab.config.ts

# The README's pictures, taken anew during a call.
pictures: build
	cd ui/e2e && npx playwright test -c pictures.config.ts

clean:
	rm -rf $(BUILD) ui/dist/*
