package main

import (
	"log/slog"
	"path/filepath"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/attract"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/page"
)

// openAttract reads the site's own picture and logo: from the folder of the booth's settings, or beside the site's file where
// the booth has none. What cannot be read is told in the log, and the booth shows its own drawing instead.
func openAttract(a *config.Attract, o options, log *slog.Logger) (booth.Attract, map[string]page.Picture) {
	if a == nil {
		return booth.Attract{}, nil
	}
	folder := o.settings
	if folder == "" {
		folder = filepath.Dir(o.site)
	}
	files := map[string]page.Picture{}
	// keep returns the address at which the page has a file, "" for none.
	keep := func(name, address string, read func(folder, name string) (attract.File, error)) string {
		if name == "" {
			return ""
		}
		f, err := read(folder, name)
		if err != nil {
			log.Error("the waiting screen does without a file of the site's", "file", name, "folder", folder, "error", err)
			return ""
		}
		files[address] = page.Picture(f)
		return address
	}
	return booth.Attract{Picture: keep(a.Picture, booth.PicturePath, attract.Picture), Logo: keep(a.Logo, booth.LogoPath, attract.Logo)}, files
}
