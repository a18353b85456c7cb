package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// What systemd is told (sd_notify(3)), where the unit asks for it; elsewhere nothing happens.

func sayReady(log *slog.Logger)    { say(log, daemon.SdNotifyReady) }
func sayStopping(log *slog.Logger) { say(log, daemon.SdNotifyStopping) }

func say(log *slog.Logger, what string) {
	if _, err := daemon.SdNotify(false, what); err != nil {
		log.Warn("systemd cannot be told", "what", what, "error", err)
	}
}

// sayAlive tells systemd's watchdog that the hub lives, for as long as it is healthy, until ctx ends.
func sayAlive(ctx context.Context, healthy func() error, log *slog.Logger) error {
	within, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		return fmt.Errorf("reading systemd's watchdog: %w", err)
	}
	if within == 0 {
		return nil
	}
	ticks := time.NewTicker(within / 3)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
			if err := healthy(); err != nil {
				log.Error("the hub is not well; systemd will start it again if that lasts", "within", within, "error", err)
				continue
			}
			say(log, daemon.SdNotifyWatchdog)
		}
	}
}
