// The texts of the monthly grid, in French.

import type { Column, Grid, View } from "./api";

const month = new Intl.DateTimeFormat("fr-FR", { timeZone: "UTC", month: "long", year: "numeric" });
const day = new Intl.DateTimeFormat("fr-FR", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" });
const moment = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" });

export const monthName = (m: string): string => month.format(new Date(`${m}-01T00:00:00Z`));
const dayName = (d: string): string => day.format(new Date(`${d}T00:00:00Z`));

export const messages = {
  title: "Suivi statistique",
  choose: {
    legend: "Choisir une grille",
    view: "Tableau",
    month: "Mois",
    site: "Site",
    partner: "Partenaire",
    views: { site: "Un site, par partenaire", partner: "Un partenaire, par site", department: "Le Département, par partenaire", sites: "Le Département, par site" } as Record<View, string>,
  },
  loading: "Chargement…",
  caption: (what: string, m: string) => `${what} : ${monthName(m)}`,
  department: "Département",
  row: "Ligne",
  columns: (c: Column, m: string, names: (kind: "site" | "partner", id: string) => string): string => {
    switch (c.kind) {
      case "site":
      case "partner":
        return names(c.kind, c.id ?? "");
      case "all":
        return "Total";
      case "last_year":
        return `Total ${monthName(`${Number(m.slice(0, 4)) - 1}${m.slice(4)}`)}`;
      case "change":
        return "Évolution";
      case "year":
        return `Cumul ${m.slice(0, 4)}`;
    }
  },
  secret: "s",
  secretInFull: "secret statistique",
  none: "–",
  noneInFull: "sans objet",
  noSection: "Autres",
  notes: (g: Grid): string[] => [
    `s : secret statistique. Les nombres de 1 à ${g.threshold - 1} ne sont pas publiés, ni ceux qui permettraient de les retrouver.`,
    "Le cumul est secret dès qu’un mois de l’année l’est. Une grille publiée ne change plus.",
    ...(g.alone ? ["Les comptages de ce site sont arrivés après la publication du mois : il n’est pas dans les totaux du Département."] : []),
  ],
  csv: "Télécharger en CSV",
  xlsx: "Télécharger pour Excel (XLSX)",
  print: "Imprimer",
  problems: {
    open: (due?: string) => `Ce mois n’est pas encore publié.${due ? ` Il le sera à partir du ${dayName(due)}.` : ""}`,
    waiting: () => "Ce mois attend encore les comptages des bornes.",
    empty: () => "Il n’y a pas de comptages pour ce mois.",
    forbidden: () => "Cette grille n’est pas ouverte à votre compte.",
    signed_out: () => "Connectez-vous pour voir les grilles.",
    malformed: () => "Cette grille n’existe pas.",
    unavailable: () => "Le serveur ne peut pas répondre. Réessayez dans un moment.",
  } as Record<string, (due?: string) => string>,
  hand: {
    title: (site: string, m: string) => `Saisie de l’agent : ${site}, ${monthName(m)}`,
    until: (due: string) => `À remplir avant le ${dayName(due)}, jour de la publication. Ensuite, la saisie est close.`,
    hint: (most: number) => `Un nombre entier de 0 à ${new Intl.NumberFormat("fr-FR").format(most)}, ou rien si ce n’est pas compté.`,
    by: (who: string, at: string) => `Saisi par ${who} le ${moment.format(new Date(at))}`,
    save: "Enregistrer",
    saved: "Enregistré.",
    unchanged: "Rien n’a changé.",
    wrong: (row: string, most: number) => `${row} : écrivez un nombre entier de 0 à ${new Intl.NumberFormat("fr-FR").format(most)}, ou laissez vide.`,
    problems: {
      changed: "Quelqu’un d’autre vient de modifier ces lignes. Elles ont été rechargées : vérifiez et enregistrez à nouveau.",
      closed: "La saisie de ce mois est close.",
      wrong: "Le serveur refuse ces nombres.",
      forbidden: "La saisie de ce site n’est pas ouverte à votre compte.",
      signed_out: "Connectez-vous à nouveau, puis enregistrez.",
    } as Record<string, string>,
    failed: "L’enregistrement n’a pas abouti. Réessayez.",
  },
};
