// The monthly grid of attendance figures: choose a table and a month, read it, print
// it, take it away; and the rows that a site's agent writes by hand.

import "./figures.css";
import { h, patch, type Child } from "../common/dom";
import { bar, signInAddress, whoIsThere, type State } from "../common/people";
import { ask, type Choices, type Grid, type Hand, type Problem, type Row, type Value, type View } from "./api";
import { announced, loadChanges } from "./coming";
import { messages as texts, monthName } from "./messages";

const root = document.getElementById("root")!;
let state: State | undefined;
let choices: Choices | undefined;
let view: View = "site";
let month = "";
let site = "";
let partner = "";
let grid: Grid | undefined;
let hand: Hand | undefined;
let problem: Problem | undefined;
/** What the form says of itself; row is the one that is wrong. */
let notice: { text: string; good: boolean; row?: string } | undefined;
/** Requests are numbered: an answer that was overtaken is dropped. */
let asked = 0;

const number = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 });

function cell(v: Value, row: Row, kind: string): Child {
  const all = kind === "all" ? "all" : "";
  switch (v.state) {
    case "secret":
      return h("td", { class: `secret ${all}` }, h("abbr", { title: texts.secretInFull }, texts.secret));
    case "none":
      return h("td", { class: `none ${all}` }, h("span", { role: "img", "aria-label": texts.noneInFull }, texts.none));
    case "number":
      if (kind === "change") return h("td", { class: all }, `${v.n > 0 ? "+" : ""}${number.format(v.n)}\u00a0%`);
      return h("td", { class: all }, row.unit === "quarters" ? `${number.format(v.n / 4)}\u00a0h` : number.format(v.n));
  }
}

function nameOf(kind: "site" | "partner", id: string): string {
  const all = kind === "site" ? choices?.sites : choices?.partners;
  return all?.find((one) => one.id === id)?.name ?? id;
}

/** How the sites' names begin, all of them: left out where they head columns. */
function common(): number {
  const names = (choices?.sites ?? []).map((s) => s.name.split(" "));
  const first = names[0] ?? [];
  let words = 0;
  while (names.length > 1 && words < first.length - 1 && names.every((n) => n.length > words + 1 && n[words] === first[words])) words++;
  return words === 0 ? 0 : first.slice(0, words).join(" ").length + 1;
}

function heading(kind: "site" | "partner", id: string): string {
  const name = nameOf(kind, id);
  return kind === "site" && name !== id ? name.slice(common()) : name;
}

function of(): string {
  return view === "site" ? site : view === "partner" ? partner : "";
}

function query(): string {
  return new URLSearchParams({ month, view, of: of() }).toString();
}

function table(g: Grid): Child {
  const what = g.view === "site" ? nameOf("site", g.of) : g.view === "partner" ? nameOf("partner", g.of) : texts.department;
  const sections: { name: string; rows: Row[] }[] = [];
  for (const r of g.rows) {
    const last = sections.at(-1);
    if (last && last.name === r.section) last.rows.push(r);
    else sections.push({ name: r.section, rows: [r] });
  }
  return h("div", { key: "grid", class: "scroll", tabindex: "0", role: "region", "aria-label": texts.caption(what, g.month) },
    h("table", null,
      h("caption", null, texts.caption(what, g.month)),
      h("thead", null, h("tr", null,
        h("th", { key: "row", scope: "col" }, texts.row),
        g.columns.map((c) => h("th", { key: `${c.kind} ${c.id ?? ""}`, scope: "col", class: c.kind === "all" ? "all" : "" }, texts.columns(c, g.month, heading))))),
      sections.map((s, i) => h("tbody", { key: `section ${i}` },
        h("tr", { key: "section" }, h("th", { class: "section", scope: "rowgroup", colspan: g.columns.length + 1 }, s.name || texts.noSection)),
        s.rows.map((r) => h("tr", { key: r.id },
          h("th", { scope: "row" }, r.title),
          r.values.map((v, at) => cell(v, r, g.columns[at]?.kind ?? ""))))))));
}

function pick(id: string, label: string, value: string, options: [string, string][], choose: (v: string) => void): Child {
  return h("div", { key: id, class: "field" },
    h("label", { for: id }, label),
    h("select", {
      id,
      onchange: (e) => {
        choose((e.target as HTMLSelectElement).value);
        void load();
      },
    }, options.map(([id, name]) => h("option", { key: id, value: id, selected: id === value }, name))));
}

function chooser(c: Choices): Child {
  const views: View[] = c.all ? ["site", "partner", "department", "sites"] : ["site"];
  return h("fieldset", { key: "choose" },
    h("legend", null, texts.choose.legend),
    h("div", { class: "fields" },
      c.all && pick("view", texts.choose.view, view, views.map((v) => [v, texts.choose.views[v]]), (v) => (view = v as View)),
      view === "site" && pick("site", texts.choose.site, site, c.sites.map((s) => [s.id, s.name]), (v) => (site = v)),
      view === "partner" && pick("partner", texts.choose.partner, partner, c.partners.map((p) => [p.id, p.name]), (v) => (partner = v)),
      pick("month", texts.choose.month, month, c.months.map((m) => [m, monthName(m)]), (v) => (month = v))));
}

function form(f: Hand): Child {
  return h("form", { key: `hand ${site} ${month}`, novalidate: true, onsubmit: (e) => void save(e, f) },
    h("fieldset", null,
      h("legend", null, texts.hand.title(nameOf("site", site), month)),
      h("p", null, texts.hand.until(f.due)),
      h("p", { id: "hint" }, texts.hand.hint(f.most)),
      h("div", { class: "rows" }, f.rows.map((r) => h("div", { key: r.id, class: "field" },
        h("label", { for: `hand-${r.id}` }, r.section ? `${r.section} : ${r.title}` : r.title),
        h("input", {
          id: `hand-${r.id}`, name: r.id, inputmode: "numeric", autocomplete: "off", value: r.n ?? "",
          "aria-describedby": r.by === "" ? "hint" : `hint by-${r.id}`, "aria-invalid": notice?.row === r.id ? "true" : null,
        }),
        r.by !== "" && h("small", { key: "by", id: `by-${r.id}` }, texts.hand.by(r.by, r.at))))),
      h("div", { role: "status" }, notice && h("p", { key: "notice", class: notice.good ? "message good" : "message" }, notice.text)),
      h("button", { type: "submit" }, texts.hand.save)));
}

async function save(e: Event, f: Hand): Promise<void> {
  e.preventDefault();
  const numbers: Record<string, number | null> = {};
  for (const r of f.rows) {
    const field = (e.target as HTMLFormElement).elements.namedItem(r.id) as HTMLInputElement;
    const text = field.value.replace(/[\s\u00a0\u202f]/g, "");
    const n = text === "" ? null : Number(text);
    if (n !== null && (!/^\d+$/.test(text) || n > f.most)) {
      notice = { text: texts.hand.wrong(r.title, f.most), good: false, row: r.id };
      show();
      field.focus();
      return;
    }
    if (n !== r.n) numbers[r.id] = n;
  }
  if (Object.keys(numbers).length === 0) {
    notice = { text: texts.hand.unchanged, good: true };
    show();
    return;
  }
  const at = asked;
  const answer = await ask<Hand>("/figures/hand", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ month, site, revision: f.revision, numbers }),
  });
  if (at !== asked) return;
  if ("ok" in answer) {
    hand = answer.ok;
    notice = { text: texts.hand.saved, good: true };
  } else {
    notice = { text: texts.hand.problems[answer.problem.error] ?? texts.hand.failed, good: false };
    if (answer.problem.error === "changed" || answer.problem.error === "closed") {
      const again = await ask<Hand>(`/figures/hand?${new URLSearchParams({ month, site })}`);
      if (at !== asked) return;
      if ("ok" in again) {
        hand = again.ok;
        // A field that was typed into keeps its text, whatever its attribute says.
        for (const r of hand.rows) {
          const field = (e.target as HTMLFormElement).elements.namedItem(r.id) as HTMLInputElement | null;
          if (field) field.value = r.n === null ? "" : String(r.n);
        }
      }
    }
  }
  show();
}

/** Reads the table that is chosen, and the form of its site. */
async function load(): Promise<void> {
  const mine = ++asked;
  grid = hand = problem = notice = undefined;
  show();
  const [table, rows] = await Promise.all([
    ask<Grid>(`/figures/grid.json?${query()}`),
    view === "site" ? ask<Hand>(`/figures/hand?${new URLSearchParams({ month, site })}`) : undefined,
  ]);
  if (mine !== asked) return;
  if ("ok" in table) grid = table.ok;
  else problem = table.problem;
  if (rows && "ok" in rows && rows.ok.writable && rows.ok.rows.length > 0) hand = rows.ok;
  show();
}

function show(): void {
  patch(root, [
    state && bar(state, texts.title),
    h("main", null,
      announced(),
      choices && chooser(choices),
      h("div", { key: "status", role: "status" },
        problem && h("p", { key: "problem", class: "message" }, (texts.problems[problem.error] ?? texts.problems["unavailable"])?.(problem.due) ?? ""),
        !grid && !problem && h("p", { key: "loading" }, texts.loading)),
      grid && table(grid),
      grid && h("div", { key: "notes", class: "notes" }, texts.notes(grid).map((n) => h("p", { key: n }, n))),
      grid && h("div", { key: "deeds", class: "deeds" },
        h("a", { key: "csv", href: `/figures/grid.csv?${query()}`, download: true }, texts.csv),
        h("a", { key: "xlsx", href: `/figures/grid.xlsx?${query()}`, download: true }, texts.xlsx),
        h("button", { type: "button", onclick: () => print() }, texts.print)),
      hand && form(hand)),
  ]);
}

async function start(): Promise<void> {
  show();
  state = await whoIsThere();
  if (state && !state.signed_in) return location.assign(signInAddress());
  const [answer] = await Promise.all([ask<Choices>("/figures/choices"), loadChanges()]);
  if ("problem" in answer) {
    problem = answer.problem;
    show();
    return;
  }
  choices = answer.ok;
  month = choices.published || choices.months[0] || "";
  site = choices.sites[0]?.id ?? "";
  partner = choices.partners[0]?.id ?? "";
  view = choices.all ? "department" : "site";
  await load();
}

void start();
