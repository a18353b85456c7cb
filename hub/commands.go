package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/broker"
	"loiret.fr/visioborne/hub/directory"
	"loiret.fr/visioborne/ui"
)

func runServe(ctx context.Context, addr, state, partners, sites, public string, demonstration, verbose bool, out, errs io.Writer) error {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	o := options{addr: addr, state: state, pages: ui.FS(), log: slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: level}))}
	var err error
	if public != "" {
		if o.public, err = netip.ParseAddr(public); err != nil {
			return fmt.Errorf("reading -public-address: %w", err)
		}
	}
	if o.directory, err = directory.Open(partners, sites); err != nil {
		return err
	}
	var announce []string
	if demonstration {
		for _, p := range o.directory.Partners() {
			password := rand.Text()
			a, err := account.New(p.ID+".demo", "Démonstration "+p.Short, p.ID, password)
			if err != nil {
				return fmt.Errorf("making the adviser of %s: %w", p.ID, err)
			}
			o.demonstration = append(o.demonstration, a)
			announce = append(announce, fmt.Sprintf("account: desk %s user=%s password=%s", p.ID, a.User, password))
		}
	}
	o.ready = func(at net.Addr) {
		address := at.(*net.TCPAddr)
		if address.IP.IsUnspecified() {
			address.IP = net.IPv4(127, 0, 0, 1)
		}
		fmt.Fprintf(out, "desk: http://%s/desk\nhotline: http://%s/hotline\n", address, address)
		for _, line := range announce {
			fmt.Fprintln(out, line)
		}
	}
	return serve(ctx, o)
}

func boothCredentials(state, site string, out io.Writer) error {
	keys, err := broker.OpenKeys(state)
	if err != nil {
		return err
	}
	text, err := keys.BoothCredentials(site)
	if err != nil {
		return err
	}
	if _, err := out.Write(text); err != nil {
		return fmt.Errorf("printing the credentials: %w", err)
	}
	return nil
}

func addAccount(state, user, name, partner string, replace bool, in io.Reader) error {
	password, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the password: %w", err)
	}
	a, err := account.New(user, name, partner, strings.TrimRight(password, "\r\n"))
	if err != nil {
		return fmt.Errorf("adding an account: %w", err)
	}
	return account.Open(state).Add(a, replace)
}

func listAccounts(state string, out io.Writer) error {
	all, err := account.Open(state).List()
	if err != nil {
		return err
	}
	for _, a := range all {
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\n", a.User, a.Partner, a.Name); err != nil {
			return fmt.Errorf("printing the accounts: %w", err)
		}
	}
	return nil
}
