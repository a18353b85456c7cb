// Calls for help: a notice above everything, and a ring for as long as nobody has seen one.

import { h, icon, type Child } from "../common/dom";
import { icons } from "../common/icons";
import { Ring } from "../desk/ring";
import { m } from "./messages";
import type { Booth } from "./view";

const ring = new Ring();
let allowed = false;

/** Browsers let a page sound only after a touch or a key. Calls changed when it may. */
export function allowRing(changed: () => void): void {
  for (const event of ["pointerdown", "keydown"]) {
    addEventListener(event, () => {
      ring.allow();
      allowed = true;
      changed();
    }, { once: true });
  }
}

/** How long somebody has been waiting, in words. */
function since(at: string, now: number): string {
  const minutes = Math.floor(Math.max(0, now - Date.parse(at)) / 60_000);
  return minutes === 0 ? m.help.now : m.help.since(minutes);
}

/** The notice; it also starts and stops the ring. */
export function helpCalls(booths: Booth[], see: (b: Booth) => void): Child {
  const calling = booths.filter((b) => b.help !== null).sort((a, b) => Date.parse(a.help!.since) - Date.parse(b.help!.since));
  if (calling.length === 0) {
    ring.stop();
    return null;
  }
  ring.start();
  const now = Date.now();
  return h("section", { key: "help", class: "help-calls", role: "alert", "aria-label": m.help.title },
    h("h2", null, icon(icons.help), m.help.title),
    h("ul", null, calling.map((b) => h("li", { key: b.id },
      h("a", { href: `#${encodeURIComponent(b.id)}` }, b.name || b.id), " ",
      h("span", null, since(b.help!.since, now)), " ",
      h("button", { type: "button", class: "button primary", onclick: () => see(b) }, m.help.see)))),
    !allowed && h("p", { key: "silent" }, m.help.silent));
}

/** The page's title while somebody calls, so that it shows on a tab in the background. */
export function helpTitle(booths: Booth[], title: string): string {
  const n = booths.filter((b) => b.help !== null).length;
  return n === 0 ? title : `(${n}) ${m.help.title} – ${title}`;
}
