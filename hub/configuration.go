package main

import (
	"flag"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"loiret.fr/visioborne/config"
)

// fromFile sets the flags that a hub.yaml names and the command line does not. A field of config.Hub is the flag of the same
// name, with hyphens for underscores: whoever adds a flag to hub serve adds a field there, and nothing here.
func fromFile(flags *flag.FlagSet, file string) error {
	if file == "" {
		return nil
	}
	h, err := config.LoadHub(file)
	if err != nil {
		return err
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for field, value := range reflect.ValueOf(h).Fields() {
		name := flagName(field)
		if value.IsZero() || given[name] {
			continue
		}
		if err := flags.Set(name, flagText(value)); err != nil {
			return fmt.Errorf("reading %s: %s: %w", file, name, err)
		}
	}
	return nil
}

func flagName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
	return strings.ReplaceAll(name, "_", "-")
}

// flagText writes a value as on the command line: lists with commas.
func flagText(v reflect.Value) string {
	// These are the kinds that config.Hub has.
	//exhaustive:ignore
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Slice:
		all := make([]string, v.Len())
		for i := range all {
			all[i] = v.Index(i).String()
		}
		return strings.Join(all, ",")
	}
	panic("hub: no way to a flag from a " + v.Type().String())
}
