// The page of the sites' configurations: what is in force, what is coming, and an
// editor that shows mistakes at their lines and what changes before it is kept.

import "./sites.css";
import { h, patch, type Child, type Node } from "../common/dom";
import { bar, field, signInAddress, texts, whoIsThere, type State } from "../common/people";
import { check, list, record, save, version, type Change, type Checked, type DiffLine, type Listed, type Mistake, type Problem, type SiteRecord, type Summary } from "./api";
import { m } from "./messages";

/** How often what is in force is asked for anew, in milliseconds. */
const interval = 4000;

const root = document.getElementById("root")!;
const site = new URLSearchParams(location.search).get("site") ?? "";
let state: State | undefined;
let sites: Listed[] = [];
let now: SiteRecord | undefined;
/** The number of the latest version when the text was taken: the hub refuses the text if there is a newer one. */
let base = 0;
/** The version whose text was taken. */
let from = 0;
let checked: Checked | undefined;
let problem: Problem | undefined;
let done: { text: string; good: boolean } | undefined;
let urgent = false;
let busy = false;

const day = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long", timeStyle: "short" });
const short = new Intl.DateTimeFormat("fr-FR", { dateStyle: "short", timeStyle: "short" });
const on = (at: string): string => day.format(new Date(at));

const editor = (): HTMLTextAreaElement | null => document.querySelector<HTMLTextAreaElement>("#text");
const mistakes = (): Mistake[] => checked?.mistakes ?? [];
const own = (x: Mistake): boolean => x.file === `${site}.yaml`;

function focus(id: string): void {
  document.getElementById(id)?.focus();
}

/** Puts a text into the editor. */
function take(text: string, of: number): void {
  from = of;
  base = now?.latest ?? 0;
  checked = undefined;
  problem = undefined;
  show();
  const e = editor();
  if (!e) return;
  e.value = text;
  e.scrollTop = 0;
  show();
}

async function load(first: boolean): Promise<void> {
  const answer = await record(site);
  if ("problem" in answer) {
    if (first) problem = answer.problem;
  } else {
    now = answer.ok;
    if (first) return take(now.text, now.text_of);
  }
  show();
}

const change = (): Change => {
  const value = (id: string) => document.querySelector<HTMLInputElement>(`#${id}`)?.value.trim() ?? "";
  return { base, site_yaml: editor()?.value ?? "", reason: value("reason"), nature: value("nature"), from: value("from"), urgent: urgent ? value("urgent-why") : "" };
};

async function verify(): Promise<void> {
  busy = true;
  done = problem = undefined;
  show();
  const answer = await check(site, change());
  busy = false;
  if ("ok" in answer) checked = answer.ok;
  else problem = answer.problem;
  show();
  const first = mistakes().find((x) => own(x) && x.line > 0);
  if (first) reveal(first.line);
  focus(problem ? "problem" : mistakes().length > 0 ? "mistakes" : "changes");
}

async function keep(): Promise<void> {
  busy = true;
  done = problem = undefined;
  show();
  const answer = await save(site, change());
  busy = false;
  if ("problem" in answer) {
    problem = answer.problem;
    if (problem.mistakes && checked) checked = { ...checked, mistakes: problem.mistakes };
    if (problem.error === "conflict") {
      checked = undefined; // what changes is to be looked at again
      await load(false);
      base = now?.latest ?? base;
    }
    show();
    focus("problem");
    return;
  }
  const kept = answer.ok;
  done = told(kept);
  await load(false);
  if (kept.state !== "failed") {
    urgent = false;
    const text = editor()?.value ?? "";
    take(text, kept.number);
  }
  checked = undefined;
  base = now?.latest ?? base;
  show();
  focus("done");
}

function told(v: Summary): { text: string; good: boolean } {
  if (v.state === "failed") return { text: m.failed(v.number, m.failures[v.failure] ?? v.failure), good: false };
  if (v.state === "coming") return { text: m.saved.coming(v.number, on(v.from ?? v.saved)), good: true };
  return { text: m.saved[v.state](v.number), good: v.state !== "pending" };
}

/** Brings a line into view, and puts the cursor there. */
function reveal(line: number): void {
  const e = editor();
  if (!e) return;
  const lines = e.value.split("\n");
  const at = lines.slice(0, line - 1).reduce((n, l) => n + l.length + 1, 0);
  e.setSelectionRange(at, at + (lines[line - 1]?.length ?? 0));
  e.scrollTop = Math.max(0, (line - 4) * lineHeight(e));
  e.scrollLeft = 0;
}

const lineHeight = (e: HTMLElement): number => parseFloat(getComputedStyle(e).lineHeight);

/** Puts the numbers and the notes beside the lines that the editor shows now. */
function place(): void {
  const e = editor();
  const numbers = document.querySelector<HTMLElement>(".numbers");
  if (!e || !numbers) return;
  numbers.style.transform = `translateY(${-e.scrollTop}px)`;
  const height = lineHeight(e), top = parseFloat(getComputedStyle(e).paddingTop) + e.clientTop;
  for (const note of document.querySelectorAll<HTMLElement>(".note")) {
    const at = top + (Number(note.dataset["line"]) - 1) * height - e.scrollTop;
    note.style.top = `${at}px`;
    note.hidden = at < 0 || at + height > e.clientHeight;
  }
}

function chooser(): Node {
  return h("form", { key: "choose", class: "filters", onsubmit: (e) => e.preventDefault() },
    h("div", null,
      h("label", { for: "site" }, m.site),
      h("select", { id: "site", onchange: (e) => location.assign(`/sites?${new URLSearchParams({ site: (e.target as HTMLSelectElement).value })}`) },
        !site && h("option", { key: "", value: "", selected: true }, m.choose),
        sites.map((s) => h("option", { key: s.id, value: s.id, selected: s.id === site }, s.id === site && now ? now.name : s.name)))),
    site && h("a", { key: "booth", class: "button", href: `/hotline#${encodeURIComponent(site)}` }, m.booths));
}

function standing(r: SiteRecord): Node {
  const inForce = r.versions.find((v) => v.number === r.in_force);
  const coming = r.versions.find((v) => v.number === r.coming);
  const line = (name: string, value: string, wrong = false) =>
    h("div", { key: name }, h("dt", null, name), h("dd", { class: wrong ? "off" : null }, value));
  const b = r.booth;
  return h("section", { key: "standing", class: "card broad", "aria-labelledby": "standing" },
    h("h2", { id: "standing" }, r.name),
    h("dl", null,
      line(m.fields.inForce, m.since(r.in_force, on(inForce?.from ?? inForce?.saved ?? ""))),
      line(m.fields.coming, coming?.from ? m.comingFrom(coming.number, on(coming.from), coming.nature) : m.none),
      line(m.fields.booth, !b ? m.boothUnknown : b.refused ? m.boothRefused(b.refused, b.reason ?? "") : b.waiting ? m.boothWaiting(b.waiting)
        : b.version === r.in_force ? m.boothSame(b.version) : m.boothBehind(b.version), !!b?.refused),
      line(m.fields.managers, r.managers.join(", ") || m.noManagers, r.managers.length === 0)),
    !r.can_send && h("p", { key: "mail", class: "problem" }, m.noMail));
}

function where(x: Mistake): string {
  return own(x) ? m.at(x.line) : `${m.partnersFile}, ${m.at(x.line).toLowerCase()}`;
}

function writing(): Node {
  const count = (editor()?.value ?? now?.text ?? "").split("\n").length;
  const wrong = new Map<number, string>();
  for (const x of mistakes()) {
    if (own(x) && x.line > 0) wrong.set(x.line, [wrong.get(x.line), `${x.field ? `${x.field}: ` : ""}${x.problem}`].filter(Boolean).join(" ; "));
  }
  return h("section", { key: "editor", class: "card broad", "aria-labelledby": "editor" },
    h("h2", { id: "editor" }, m.editor),
    h("label", { for: "text" }, m.text(from)),
    h("p", { id: "text-hint", class: "hint" }, m.hint),
    h("div", { class: "code" },
      h("div", { class: "gutter", "aria-hidden": "true" },
        h("div", { class: "numbers" }, Array.from({ length: count }, (_, i) => h("span", { key: i, class: wrong.has(i + 1) ? "wrong" : null }, String(i + 1))))),
      h("textarea", {
        id: "text", rows: 22, wrap: "off", spellcheck: "false", autocomplete: "off", autocapitalize: "none", "aria-invalid": wrong.size > 0 ? "true" : null,
        "aria-describedby": mistakes().length > 0 ? "text-hint mistakes-list" : "text-hint",
        onscroll: place,
        oninput: () => {
          checked = undefined; // it is looked at again before it is kept
          done = undefined;
          show();
        },
      }),
      [...wrong].map(([line, text]) => h("p", { key: `note ${line}`, class: "note", "data-line": line, "aria-hidden": "true", title: text }, text))),
    mistakes().length > 0 && h("div", { key: "mistakes", class: "mistakes" },
      h("h3", { id: "mistakes", tabindex: -1 }, m.mistakes(mistakes().length)),
      h("ul", { id: "mistakes-list" }, mistakes().map((x, i) => h("li", { key: i },
        own(x) && x.line > 0
          ? h("button", { key: "go", type: "button", class: "link", onclick: () => { reveal(x.line); place(); focus("text"); } }, where(x))
          : h("strong", { key: "at" }, where(x)),
        h("span", { lang: "en" }, ` ${x.field ? `${x.field}: ` : ""}${x.problem}`))))),
    h("div", { key: "buttons", class: "actions" },
      h("button", { key: "check", type: "button", class: "button primary", disabled: busy, onclick: () => void verify() }, m.check),
      h("button", { key: "again", type: "button", class: "button", disabled: busy, onclick: () => { done = undefined; take(now?.text ?? "", now?.text_of ?? 0); } }, m.again)));
}

function difference(id: string, title: string, lines: DiffLine[]): Node {
  const mark = { same: " ", added: "+", removed: "−", left: "…" };
  return h("div", { key: id, class: "wide", role: "group", "aria-label": title, tabindex: 0 },
    h("table", { class: "diff" },
      h("caption", { class: "announcer" }, title),
      h("tbody", null, lines.map((l, i) => h("tr", { key: i, class: l.op },
        h("td", { class: "digits" }, l.before ? String(l.before) : ""),
        h("td", { class: "digits" }, l.after ? String(l.after) : ""),
        h("td", { class: "mark" }, h("span", { "aria-hidden": "true" }, mark[l.op]), m.ops[l.op] && h("span", { key: "said", class: "announcer" }, m.ops[l.op])),
        h("td", { class: "line" }, l.op === "left" ? h("i", null, m.ops.left) : l.text))))));
}

function confirming(c: Checked, r: SiteRecord): Node {
  const something = c.site.length + c.partners.length > 0;
  return h("section", { key: "confirm", class: "card broad", "aria-labelledby": "changes" },
    h("h2", { id: "changes", tabindex: -1 }, m.changes(c.against)),
    c.site.length > 0 ? difference("site-diff", m.changes(c.against), c.site) : h("p", { key: "nothing" }, m.noChanges),
    c.partners.length > 0 && h("h3", { key: "partners" }, m.partnersChanges),
    c.partners.length > 0 && difference("partners-diff", m.partnersChanges, c.partners),
    (something || r.coming !== null) && h("form", {
      key: "form", class: "keep",
      onsubmit: (e) => {
        e.preventDefault();
        void keep();
      },
    },
      field("reason", m.reason, { required: true, maxlength: 150, autocomplete: "off" }, null, m.reasonHint),
      field("nature", m.nature, { maxlength: 200, autocomplete: "off" }, null, m.natureHint),
      field("from", m.from, { type: "date" }, null, m.fromHint(r.notice_days)),
      h("div", { key: "urgent", class: "check" },
        h("input", { id: "urgent", type: "checkbox", onchange: (e) => { urgent = (e.target as HTMLInputElement).checked; show(); } }),
        h("label", { for: "urgent" }, m.urgent)),
      urgent && field("urgent-why", m.urgentWhy, { required: true, maxlength: 150, autocomplete: "off" }, null, m.urgentHint),
      h("div", { key: "save", class: "actions" },
        h("button", { class: "button primary", disabled: busy }, busy ? m.saving : m.save))));
}

function history(r: SiteRecord): Node {
  return h("section", { key: "history", "aria-labelledby": "history" },
    h("h2", { id: "history" }, m.history),
    h("div", { class: "wide", role: "group", "aria-labelledby": "history", tabindex: 0 },
      h("table", null,
        h("thead", null, h("tr", null, m.columns.map((c) => c ? h("th", { scope: "col" }, c) : h("td", null)))),
        h("tbody", null, r.versions.map((v) => h("tr", { key: v.number },
          h("th", { scope: "row", class: "digits" }, String(v.number)),
          h("td", null, h("span", { class: `state ${v.state}` }, m.states[v.state]), v.failure && h("small", { key: "why" }, m.failures[v.failure] ?? v.failure)),
          h("td", { class: "digits" }, v.from ? short.format(new Date(v.from)) : m.dash),
          h("td", { class: "digits" }, short.format(new Date(v.saved))),
          h("td", null, v.author || m.theFirst),
          h("td", null, v.reason, v.nature !== v.reason && h("small", { key: "nature" }, v.nature), v.urgent && h("small", { key: "urgent" }, m.urgentMark(v.urgent))),
          h("td", null, h("button", { type: "button", class: "button", "aria-label": m.takeVersion(v.number), onclick: () => void retake(v.number) }, m.take))))))));
}

async function retake(number: number): Promise<void> {
  const answer = await version(site, number);
  if ("problem" in answer) {
    problem = answer.problem;
    show();
    return;
  }
  done = { text: m.taken(number), good: true };
  take(answer.ok.site_yaml, number);
  focus("done");
}

function show(): void {
  if (!state) return;
  const overtaken = now && base > 0 && now.latest > base && !busy;
  const said = problem ?? (overtaken ? { error: "conflict" } : undefined);
  patch(root, [
    bar(state, m.title),
    h("main", { class: "content" },
      chooser(),
      said && h("p", { key: "problem", id: "problem", class: "problem", role: "alert", tabindex: -1 }, m.problems[said.error] ?? texts.unavailable, said.error === "draft" && said.detail ? h("small", { key: "detail", lang: "en" }, said.detail) : null),
      done && h("p", { key: "done", id: "done", class: done.good ? "done" : "problem", role: "status", tabindex: -1 }, done.text),
      site && !now && !problem && h("p", { key: "loading" }, m.loading),
      now && standing(now),
      now && writing(),
      now && checked && checked.mistakes.length === 0 && confirming(checked, now),
      now && history(now)),
  ]);
  place();
}

async function start(): Promise<void> {
  state = await whoIsThere();
  if (state && !state.signed_in) return location.assign(signInAddress());
  state ??= { provider: "", signed_in: false };
  show();
  const answer = await list();
  if ("ok" in answer) sites = answer.ok.sites;
  else problem = answer.problem;
  show();
  if (!site) return;
  await load(true);
  addEventListener("resize", place);
  setInterval(() => { if (!busy && document.visibilityState === "visible") void load(false); }, interval);
}

void start();
