// The map: each booth where it is, as a shape that tells its state without its
// colour too. It needs no tiles and so no other server. Whoever cannot see or
// point at it has the list, which says the same.

import { h, type Node } from "../common/dom";
import { m } from "./messages";
import type { Booth } from "./view";

export type Mark = "up" | "unwell" | "silent" | "never";

/** How a booth is, in a word. */
export function markOf(b: Booth): Mark {
  if (b.state !== "up") return b.state;
  return b.troubles.length > 0 ? "unwell" : "up";
}

const width = 320, height = 360, margin = 26;

/** A shape for a state, with its middle at x and y. */
export function shape(mark: Mark, x: number, y: number, attributes: Record<string, string | (() => void)> = {}): Node {
  const all = { class: `mark ${mark}`, ...attributes };
  switch (mark) {
    case "up":
      return h("circle", { ...all, cx: x, cy: y, r: 7 });
    case "unwell":
      return h("path", { ...all, d: `M${x} ${y - 9}l9 16h-18z` });
    case "silent":
      return h("rect", { ...all, x: x - 7, y: y - 7, width: 14, height: 14 });
    case "never":
      return h("circle", { ...all, cx: x, cy: y, r: 6 });
  }
}

export function map(booths: Booth[], open: (id: string) => void): Node | false {
  const placed = booths.flatMap((b) => (b.position ? [{ b, ...b.position }] : []));
  if (placed.length === 0) return false;
  const latitudes = placed.map((p) => p.latitude), longitudes = placed.map((p) => p.longitude);
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)], [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  // On a map of a département the meridians are as good as parallel.
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((width - 2 * margin) / Math.max((east - west) * narrow, 0.01), (height - 2 * margin) / Math.max(north - south, 0.01));
  const x = (longitude: number) => Math.round(width / 2 + (longitude - (west + east) / 2) * narrow * scale);
  const y = (latitude: number) => Math.round(height / 2 - (latitude - (south + north) / 2) * scale);
  // Those that somebody must see to lie on top.
  const order: Mark[] = ["never", "up", "silent", "unwell"];
  placed.sort((p, q) => order.indexOf(markOf(p.b)) - order.indexOf(markOf(q.b)));
  const unwell = placed.filter((p) => p.b.troubles.length > 0).length;
  const named = placed.length <= 20;
  return h("section", { key: "map", class: "map", "aria-labelledby": "map-title" },
    h("h2", { id: "map-title" }, m.map.title),
    h("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": m.map.label(placed.length, unwell) },
      placed.map(({ b, latitude, longitude }) => h("g", { key: b.id },
        shape(markOf(b), x(longitude), y(latitude), { onclick: () => open(b.id) }),
        named && label(short(b.name), x(longitude), y(latitude))))),
    h("ul", { class: "legend" }, (["up", "unwell", "silent", "never"] as Mark[]).map((s) => h("li", { key: s },
      h("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, shape(s, 12, 12)), m.state[s]))));
}

function label(text: string, x: number, y: number): Node {
  const right = x + 12 + 7.5 * text.length < width;
  return h("text", { x: right ? x + 12 : x - 12, y: y + 4, "text-anchor": right ? "start" : "end" }, text);
}

/** What tells one site's name from another's. */
export function short(name: string): string {
  return name.replace(/^Espace Services Publics (de |du |d’|d')?/, "") || name;
}
