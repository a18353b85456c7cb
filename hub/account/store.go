package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// accountsKey is the one key of the bucket "accounts".
	accountsKey = "all"
	// maxAccounts is the most bytes that all of them may have: about two thousand accounts.
	maxAccounts = 900 << 10
	// tries is how often a lost compare-and-set is tried again.
	tries = 10
)

// Accounts are the accounts of a hub, which all hubs on one store share.
type Accounts struct {
	kv jetstream.KeyValue
	// stream is the bucket's: how far it is costs little to ask.
	stream jetstream.Stream
	// demonstration accounts live in memory only.
	demonstration []Account

	mu sync.Mutex
	// read is what the value of a revision says, so that it is taken apart once.
	read list
}

// list is all accounts at a revision of their value; 0 while there is none.
type list struct {
	all      []Account
	revision uint64
}

// Open opens the accounts, making their bucket if there is none.
func Open(ctx context.Context, js jetstream.JetStream, demonstration ...Account) (*Accounts, error) {
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: "accounts", Description: "who works with the hub", History: 1, MaxValueSize: maxAccounts, Storage: jetstream.FileStorage,
	})
	if err != nil {
		return nil, fmt.Errorf("opening bucket accounts: %w", err)
	}
	stream, err := js.Stream(ctx, "KV_accounts")
	if err != nil {
		return nil, fmt.Errorf("opening bucket accounts: %w", err)
	}
	return &Accounts{kv: kv, stream: stream, demonstration: demonstration}, nil
}

// Find finds an account by its user.
func (a *Accounts) Find(user string) (Account, bool, error) {
	return a.find(func(x Account) bool { return x.User == user })
}

// FindEmail finds an account by its address, in whatever case that comes.
func (a *Accounts) FindEmail(email string) (Account, bool, error) {
	email = strings.ToLower(email)
	return a.find(func(x Account) bool { return x.Email != "" && x.Email == email })
}

func (a *Accounts) find(fits func(Account) bool) (Account, bool, error) {
	l, err := a.load()
	if err != nil {
		return Account{}, false, err
	}
	for _, all := range [][]Account{a.demonstration, l.all} {
		if i := slices.IndexFunc(all, fits); i >= 0 {
			return all[i], true, nil
		}
	}
	return Account{}, false, nil
}

// Add adds an account. An existing one of the same user is replaced only if replace is set.
func (a *Accounts) Add(x Account, replace bool) error {
	return a.edit(func(all []Account) ([]Account, error) { return added(all, x, replace) })
}

// added is a list with one account more, in order.
func added(all []Account, x Account, replace bool) ([]Account, error) {
	i := slices.IndexFunc(all, func(y Account) bool { return y.User == x.User })
	switch {
	case i < 0:
		all = append(all, x)
	case replace:
		all[i] = x
	default:
		return nil, &InvalidError{"user", fmt.Errorf("user %q: %w; use -replace to change it", x.User, ErrExists)}
	}
	slices.SortFunc(all, func(x, y Account) int { return strings.Compare(x.User, y.User) })
	return all, nil
}

// Change changes an account. What change returns is checked before it is kept. change is called again when somebody
// else has changed an account at the same moment.
func (a *Accounts) Change(user string, change func(Account) (Account, error)) error {
	return a.edit(func(all []Account) ([]Account, error) {
		i := slices.IndexFunc(all, func(y Account) bool { return y.User == user })
		if i < 0 {
			return nil, fmt.Errorf("user %.80q: %w", user, ErrUnknown)
		}
		changed, err := change(all[i])
		if err != nil {
			return nil, err
		}
		changed.User = user
		if err := changed.Check(); err != nil {
			return nil, err
		}
		all[i] = changed
		return all, nil
	})
}

// Remove removes an account.
func (a *Accounts) Remove(user string) error {
	return a.edit(func(all []Account) ([]Account, error) { return without(all, user) })
}

// without is a list with one account less.
func without(all []Account, user string) ([]Account, error) {
	i := slices.IndexFunc(all, func(y Account) bool { return y.User == user })
	if i < 0 {
		return nil, fmt.Errorf("user %.80q: %w", user, ErrUnknown)
	}
	return slices.Delete(all, i, i+1), nil
}

// List lists the accounts, by user, without those of a demonstration.
func (a *Accounts) List() ([]Account, error) {
	l, err := a.load()
	return slices.Clone(l.all), err
}

// load reads the present list, which is not to be changed. Whoever was shut out a moment ago, at whatever hub, must be out: so
// the store is asked each time, but for how far it is only, which each request and each desk's ping can afford.
func (a *Accounts) load() (list, error) {
	// Nobody's request: it serves all that wait for it, and is short.
	ctx, cancel := context.WithTimeout(context.Background(), storeWait)
	defer cancel()
	info, err := a.stream.Info(ctx)
	if err != nil {
		return list{}, fmt.Errorf("reading accounts: %w", err)
	}
	a.mu.Lock()
	read := a.read
	a.mu.Unlock()
	if read.revision != 0 && read.revision == info.State.LastSeq {
		return read, nil
	}
	entry, err := a.kv.Get(ctx, accountsKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return list{}, nil
	}
	if err != nil {
		return list{}, fmt.Errorf("reading accounts: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.read.revision == entry.Revision() {
		return a.read, nil
	}
	all, err := decode(entry.Value())
	if err != nil {
		return list{}, fmt.Errorf("reading accounts: %w", err)
	}
	a.read = list{all, entry.Revision()}
	return a.read, nil
}

func decode(b []byte) ([]Account, error) {
	var all []Account
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	for i := range all {
		x := &all[i]
		if x.Role == "" {
			x.Role = RoleAdviser
		}
		if err := x.Check(); err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
		if x.Password == "" {
			continue
		}
		if _, err := parse(x.Password); err != nil {
			return nil, fmt.Errorf("entry %d: password: %w", i, err)
		}
	}
	return all, nil
}

// edit changes the list by compare-and-set.
func (a *Accounts) edit(change func([]Account) ([]Account, error)) error {
	for range tries {
		l, err := a.load()
		if err != nil {
			return err
		}
		all, err := change(slices.Clone(l.all))
		if err != nil {
			return err
		}
		if err := apart(all); err != nil {
			return err
		}
		err = a.write(all, l.revision)
		if !errors.Is(err, jetstream.ErrKeyExists) && !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
			return err
		}
	}
	return fmt.Errorf("writing accounts: changed by others %d times over; try again", tries)
}

// write writes the list after a revision.
func (a *Accounts) write(all []Account, after uint64) error {
	b, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("writing accounts: %w", err)
	}
	if len(b) > maxAccounts {
		return fmt.Errorf("writing accounts: %d bytes; there is room for %d: remove accounts that nobody uses", len(b), maxAccounts)
	}
	ctx, cancel := context.WithTimeout(context.Background(), storeWait)
	defer cancel()
	if after == 0 {
		_, err = a.kv.Create(ctx, accountsKey, b)
	} else {
		_, err = a.kv.Update(ctx, accountsKey, b, after)
	}
	if err != nil {
		return fmt.Errorf("writing accounts: %w", err)
	}
	return nil
}

// apart: an address must name one account.
func apart(all []Account) error {
	users := map[string]string{}
	for _, x := range all {
		if other, taken := users[x.Email]; taken && x.Email != "" {
			return &InvalidError{"email", fmt.Errorf("email %s: %w, %s's and %s's", x.Email, ErrExists, other, x.User)}
		}
		users[x.Email] = x.User
	}
	return nil
}
