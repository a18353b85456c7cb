// The changes of sites' configurations that are announced, for those who answer for the sites.

import { h, type Child } from "../common/dom";
import { ask } from "./api";

/** Twin of Coming in hub/sites/page.go. */
interface Change {
  site: string;
  name: string;
  version: number;
  nature: string;
  from: string;
  told_at: string;
  timezone: string;
}

const texts = {
  title: "Changements annoncés sur les bornes",
  about: "Chaque borne applique le changement d’elle-même, entre deux utilisations, à partir de la date dite.",
  change: (c: Change, day: string) => `${c.name}, à partir du ${day} : ${c.nature}`,
};

function day(c: Change): string {
  return new Intl.DateTimeFormat("fr-FR", { timeZone: c.timezone, dateStyle: "long", timeStyle: "short" }).format(new Date(c.from));
}

let changes: Change[] = [];

/** Asks the hub for them. Without an answer there are none to show, and the figures are shown all the same. */
export async function loadChanges(): Promise<void> {
  const answer = await ask<{ changes: Change[] }>("/sites/coming");
  if ("ok" in answer) changes = answer.ok.changes;
}

export function announced(): Child {
  return changes.length > 0 && h("section", { key: "announced", class: "announced", "aria-labelledby": "announced" },
    h("h2", { id: "announced" }, texts.title),
    h("ul", null, changes.map((c) => h("li", { key: `${c.site} ${c.version}` }, texts.change(c, day(c))))),
    h("p", null, texts.about));
}
