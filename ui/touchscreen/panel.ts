// The panel in the page's terms: how many CSS pixels a millimetre has, and where
// the controls are. The style sheet draws targets and essential texts by it, as
// large as they must be for fingers and eyes, whatever the resolution.

import { h, icon, type Node } from "../common/dom";
import { icons } from "../common/icons";
import type { Panel, View } from "../common/screen";
import type { Messages } from "./messages";

/** Panels' pixels are nearly square: a window whose sides differ more than that from the panel's is no panel's. */
const nearlySquare = 1.15;

/** CSS pixels a millimetre, the larger of the two directions; in a window of another shape, as a developer's, the smaller. */
export function pixelsPerMillimetre(p: Panel, width: number, height: number): number {
  const across = width / p.width_mm;
  const down = height / p.height_mm;
  const [less, more] = [Math.min(across, down), Math.max(across, down)];
  return more <= nearlySquare * less ? more : less;
}

/** The panel as a view is drawn on it: the four zones of the spoken mode are low themselves, and want all the rest. */
export function drawnOn(v: View): Panel {
  return v.speech.on ? { ...v.panel, lowers: false, low: false } : v.panel;
}

/** Tells the style sheet of the panel. */
export function applyPanel(p: Panel): void {
  const root = document.documentElement;
  root.style.setProperty("--mm", `${pixelsPerMillimetre(p, innerWidth, innerHeight).toFixed(3)}px`);
  root.style.setProperty("--capital", String(p.capital_mm));
  root.toggleAttribute("data-low", p.low);
  root.toggleAttribute("data-high", p.lowers && !p.low);
  root.toggleAttribute("data-still", !p.transitions);
}

/** How much a screen must be tightened to show all it has. 1: what only adorns goes. 2: so do doublings, and gaps close.
 * 3 and 4: essential texts shrink, which only a small panel comes to. */
const tightness = ["0", "1", "2", "3", "4"];
/** What would be cut if its content were larger than itself. */
const vessels = "main, main .tile, main button, main .lines, .groups, .known, .names, ul.needs, .help-layer, .help-layer button, .still-there";
/** In the spoken mode the page above the zones comes into view as it is heard; only its buttons must be whole. */
const spokenVessels = "main button, .help-layer button, .still-there";

/** Tightens the screen until nothing of it is cut. It depends on nothing but what is shown and the panel. */
export function fit(): void {
  const root = document.documentElement;
  const all = document.querySelector(".zones") ? spokenVessels : vessels;
  for (const level of tightness) {
    root.dataset["tight"] = level;
    const cut = [...document.querySelectorAll(all)].some((e) => e.scrollHeight > e.clientHeight || e.scrollWidth > e.clientWidth);
    if (!cut) return;
  }
}

/** What stands above the controls while they are low, for all to see: where one is, and what one may trust in. */
export function billboard(v: View, m: Messages): Node {
  return h("div", { key: "billboard", class: "billboard", "aria-hidden": "true" },
    icon(icons.video, "icon sign"),
    h("p", { class: "place-name" }, v.site),
    h("ul", { class: "promise" }, m.partner.promise.map((line) => h("li", null, line))));
}

/** The button that moves the controls down and up; it stays where it is. */
export function zoneButton(p: Panel, m: Messages, driving: boolean, choose: (low: boolean) => void): Node {
  return h("footer", { key: "zone" },
    h("button", { type: "button", class: "reach", disabled: !driving, "aria-pressed": p.low ? "true" : "false", onclick: () => choose(!p.low) },
      icon(p.low ? icons.higher : icons.lower), h("span", null, p.low ? m.zone.higher : m.zone.lower)));
}
