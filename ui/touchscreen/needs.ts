// The first page and the pages of needs, the help that lies over every screen, and where else to go when something fails.

import { h, icon, type Child, type Node } from "../common/dom";
import { icons, type IconName } from "../common/icons";
import type { FailedScreen, HomeScreen, Near, NeedsScreen, Partner } from "../common/screen";
import { direction } from "./messages";
import { needsMessages } from "./messages/needs";
import type { Tools } from "./screens";
import { when } from "./when";

function picture(name: string): string[] {
  return name in icons ? icons[name as IconName] : icons.help;
}

/** What the first page asks. Without needs it asks for a partner. */
export function question(t: Pick<Tools, "m" | "view">, s: HomeScreen): string {
  const m = needsMessages(t.view.language);
  if (s.groups.length === 0) return t.view.greeting ? t.m.greeting : t.m.whom;
  return t.view.greeting ? m.greeting : m.need;
}

/** The first page: the groups of needs, large, and the partners with their state below. */
export function home(t: Tools, s: HomeScreen, tile: (p: Partner) => Node): Child[] {
  const m = needsMessages(t.view.language);
  const partners = s.partners.map((p) => h("li", { key: p.id }, tile(p)));
  return [
    h("h1", null, question(t, s)),
    !t.view.online && h("p", { key: "offline", class: "nobody", role: "status" }, m.offline),
    first(t, s.partners),
    s.groups.length > 0 && h("ul", { key: "groups", class: "groups" }, s.groups.map((g) => h("li", { key: g.id },
      h("button", { type: "button", class: "group", disabled: !t.driving, onclick: () => t.send({ intent: "group", group: g.id }) },
        icon(picture(g.icon), "icon subject"), h("span", null, g.name))))),
    s.groups.length > 0
      ? h("section", { key: "known", class: "known", "aria-labelledby": "known" }, h("h2", { id: "known" }, m.known), h("ul", { class: "partners few" }, partners))
      : h("ul", { key: "partners", class: "partners" }, partners),
    near(t),
  ];
}

/** Where all partners are closed: who opens first. */
function first(t: Tools, partners: Partner[]): Child {
  const opening = partners.filter((p) => p.opens_at !== null).sort((a, b) => Date.parse(a.opens_at!) - Date.parse(b.opens_at!));
  if (!partners.every((p) => p.status === "closed") || opening.length === 0) return null;
  const p = opening[0]!;
  return h("p", { key: "first", class: "nobody", role: "status" }, needsMessages(t.view.language).first(p.short, when(p.opens_at!, t.now, t.view.timezone, t.view.language, t.m)));
}

/** The needs of a group. */
export function needs(t: Tools, s: NeedsScreen, status: (p: Partner) => [className: string, text: string]): Child[] {
  const m = needsMessages(t.view.language);
  return [
    h("div", { class: "heading" },
      t.button("secondary", t.m.back, "back", { intent: "cancel" }, { key: "back" }),
      h("h1", null, s.group.name)),
    h("ul", { class: "needs" }, s.needs.map((need) => {
      const p = s.partners.find((p) => p.id === need.partner);
      const [className, text] = p ? status(p) : ["unknown", ""];
      // That somebody is there is what one expects: only what is otherwise is said.
      return h("li", { key: need.id },
        h("button", { type: "button", class: `need ${className}`, disabled: !t.driving, onclick: () => t.send({ intent: "need", need: need.id }) },
          h("span", { class: "text" }, need.text), " ",
          h("span", { class: "whose" }, h("b", null, p?.short ?? ""), className !== "open" && ` · ${text}`)));
    })),
    h("p", { class: "hint" }, m.other),
  ];
}

/** The need that has led to a partner. */
export function chosen(t: Tools, need: string): Child {
  return need !== "" && h("p", { key: "need", class: "chosen" }, needsMessages(t.view.language).chosen(need));
}

/** How many wait, as whoever calls now will find it. */
export function before(t: Tools, p: Partner): Child {
  return p.status === "open" && p.waiting > 0 && h("p", { key: "before", class: "lead" }, needsMessages(t.view.language).before(p.waiting));
}

/** Why it failed, and what to do. */
export function failure(t: Tools, s: FailedScreen): { title: string; advice: string } {
  const m = needsMessages(t.view.language);
  if (s.poor) return m.poor;
  return { title: t.m.failed.reasons[s.reason](s.partner.short), advice: m.advice[s.reason] };
}

/** Another site to go to, with what one needs for it. */
export function near(t: Tools): Child {
  const n = t.view.near;
  if (!n) return null;
  const m = needsMessages(t.view.language).near;
  const comma = direction(t.view.language) === "rtl" ? "، " : ", ";
  const hours = n.hours.map(([from, to]) => m.span(clock(t, from), clock(t, to))).join(comma);
  return h("section", { key: "near", class: "near", "aria-label": n.opens_at ? m.closed : m.open },
    h("p", null, icon(icons.pin), " ", h("b", null, n.opens_at ? m.closed : m.open)),
    h("p", null, h("span", null, h("b", null, n.name), !n.town || n.name.includes(n.town) ? "" : `${comma}${n.town}`, comma, m.far(n.kilometres))),
    h("p", null, n.opens_at ? m.opens(when(n.opens_at, t.now, t.view.timezone, t.view.language, t.m), hours) : m.today(hours)),
    h("p", { class: "number" }, icon(icons.phone), " ", h("b", { class: "digits" }, n.phone)));
}

function clock(t: Tools, minutes: Near["hours"][number][0]): string {
  return t.m.hour(Math.floor(minutes / 60), minutes % 60);
}

/** The button that is always in the same place. */
export function helpButton(t: Tools): Child {
  const help = t.view.help;
  return help && h("button", {
    key: "help", type: "button", class: "help-button", disabled: !t.driving, "aria-expanded": help.open ? "true" : "false",
    onclick: () => t.send({ intent: help.open ? "help_close" : "help" }),
  }, icon(icons.help), h("span", null, needsMessages(t.view.language).help.button));
}

/** What a screen reader hears of the help, instead of the screen below. */
export function helpTitle(t: Pick<Tools, "view">): string {
  const help = t.view.help;
  if (!help?.open) return "";
  const m = needsMessages(t.view.language).help;
  return help.state === "" ? m.title : m[help.state];
}

/** The help layer. What is below goes on. */
export function helpLayer(t: Tools): Child {
  const help = t.view.help;
  if (!help?.open) return null;
  const m = needsMessages(t.view.language).help;
  const told = help.state !== "" ? m[help.state] : help.can_ask ? "" : m.away;
  const asks = help.can_ask && help.state !== "calling" && help.state !== "rung";
  return h("div", { key: "help", class: "help-layer", role: "dialog", "aria-labelledby": "help-title" },
    h("div", { class: "how" },
      h("h1", { id: "help-title" }, m.title),
      h("p", null, m.what),
      h("ol", null, m.steps.map((step) => h("li", null, step)))),
    h("div", { class: "who-helps" },
      h("p", { class: "phone" }, icon(icons.phone), h("span", null, m.phone), " ", h("b", { class: "digits" }, help.phone)),
      told !== "" && h("p", { key: "told", class: `told ${help.state || "away"}` }, told)),
    h("div", { class: "actions" },
      t.button("secondary large", m.close, "back", { intent: "help_close" }, { key: "close", autofocus: true }),
      asks && t.button("primary large", m.ask, "phone", { intent: "help_ask" }, { key: "ask" })));
}
