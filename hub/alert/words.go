package alert

import (
	"fmt"
	"strings"
	"time"
)

// The texts of the mails. The hotline works in French.

// trouble puts a code into words; one that is not here stands for itself.
func trouble(code string) string {
	words := map[string]string{
		"silent":                "ne donne plus signe de vie",
		"camera_missing":        "la caméra n’est pas branchée",
		"microphone_missing":    "le microphone n’est pas branché",
		"speaker_missing":       "le haut-parleur n’est pas branché",
		"screen_dark":           "l’écran ne montre pas la page",
		"voice_missing":         "la voix du mode vocal n’est pas installée",
		"hot":                   "le processeur est trop chaud",
		"under_voltage":         "l’alimentation est trop faible",
		"disk_full":             "le disque est presque plein",
		"clock_wrong":           "l’horloge n’est pas à l’heure",
		"update_failed":         "une mise à jour n’a pas tenu",
		"configuration_refused": "la borne refuse sa nouvelle configuration",
		"test_call_failed":      "l’appel d’essai a échoué",
	}
	if w, ok := words[code]; ok {
		return w
	}
	// What a check of the devices found: camera_frozen.
	devices := map[string]string{"camera": "la caméra", "microphone": "le micro", "speaker": "le haut-parleur"}
	results := map[string]string{
		"broken": "est en panne", "no_picture": "ne donne pas d’image", "frozen": "donne une image figée", "silent": "est muet",
		"not_heard": "n’est pas entendu par le micro",
	}
	device, result, _ := strings.Cut(code, "_")
	if d, r := devices[device], results[result]; d != "" && r != "" {
		return d + " " + r
	}
	return code
}

func subject(m Message) string {
	if len(m.Booths) == 1 {
		b := m.Booths[0]
		switch {
		case m.Event == Well:
			return fmt.Sprintf("Visioborne : la borne %s fonctionne à nouveau", b.ID)
		case b.State == "silent":
			return fmt.Sprintf("Visioborne : la borne %s ne répond plus", b.ID)
		}
		return fmt.Sprintf("Visioborne : la borne %s a un problème", b.ID)
	}
	if m.Event == Well {
		return fmt.Sprintf("Visioborne : %d bornes fonctionnent à nouveau", len(m.Booths))
	}
	return fmt.Sprintf("Visioborne : %d bornes ont un problème", len(m.Booths))
}

func body(m Message) string {
	var b strings.Builder
	if m.Event == Well {
		b.WriteString("Tout va bien à nouveau :\n\n")
	} else {
		b.WriteString("À voir :\n\n")
	}
	for _, booth := range m.Booths {
		var what []string
		for _, t := range booth.Troubles {
			what = append(what, trouble(t))
		}
		fmt.Fprintf(&b, "- %s (%s), depuis le %s : %s\n", booth.Name, booth.ID, clock(booth.Since), strings.Join(what, " ; "))
	}
	if m.Page != "" {
		fmt.Fprintf(&b, "\n%s\n", m.Page)
	}
	return b.String()
}

// clock writes a time as people in the Loiret read it.
func clock(t time.Time) string {
	if paris, err := time.LoadLocation("Europe/Paris"); err == nil {
		t = t.In(paris)
	}
	return t.Format("02/01/2006 à 15:04")
}
