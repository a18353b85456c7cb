package sites

import (
	"fmt"
	"strings"
	"time"
)

// letter is the notice of a version, in the words of those who receive it.
func letter(h History, v Version, to []string, from time.Time, page string, now time.Time) Letter {
	name, zone := v.Site, time.UTC
	if b, err := v.read(); err == nil {
		name, zone = b.Site.Name, location(b)
	}
	day := func(t time.Time) string { return t.In(zone).Format("02/01/2006 à 15:04") }
	var b strings.Builder
	fmt.Fprintf(&b, "Bonjour,\n\nLa configuration de la borne de visiophonie de %s va changer.\n\n", name)
	fmt.Fprintf(&b, "Nature du changement : %s\n", v.Nature)
	if v.Urgent == "" {
		fmt.Fprintf(&b, "À partir du : %s\n", day(from))
	} else {
		fmt.Fprintf(&b, "À partir du : %s, sans attendre le préavis habituel\nRaison de l’urgence : %s\n", day(from), v.Urgent)
	}
	if next, ok := h.Coming(now); ok && next.Number != v.Number && !next.From.Before(from) {
		fmt.Fprintf(&b, "\nCe changement remplace celui qui était annoncé pour le %s : %s\n", day(next.From), next.Nature)
	}
	b.WriteString("\nLa borne l’appliquera d’elle-même entre deux utilisations : un appel en cours n’est pas interrompu.\n")
	fmt.Fprintf(&b, "Version %d de la configuration de ce site.\n", v.Number)
	if page != "" {
		fmt.Fprintf(&b, "\nLes changements annoncés : %s\n", page)
	}
	return Letter{To: to, Subject: fmt.Sprintf("Visioborne : changement sur la borne de %s", name), Body: b.String(), At: now}
}
