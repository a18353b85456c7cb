// The audit record, for administrators: who did what to what, and when.

import "../common/people.css";
import { h, patch } from "../common/dom";
import { bar, signInAddress, texts, whoIsThere, type Role, type State } from "../common/people";
import { m } from "./messages";

/** Twin of Entry in hub/audit/audit.go. */
interface Entry {
  at: string;
  who?: string;
  action: string;
  site?: string;
  detail?: string;
}
/** Twin of Page in hub/audit/http.go. */
interface Page {
  entries: Entry[];
  more: boolean;
}

const root = document.getElementById("root")!;
let state: State | undefined;
let sites: { id: string; name: string }[] = [];
let users: string[] = [];
let page: Page | undefined;
let problem: string | null = null;

const day = (at: Date): string => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(at);
const time = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const today = day(new Date());
const monthAgo = day(new Date(Date.now() - 30 * 86_400_000));

async function load(query: URLSearchParams): Promise<void> {
  problem = null;
  try {
    const answer = await fetch(`/audit/entries?${query}`);
    if (answer.status === 401) return location.assign(signInAddress());
    if (answer.ok) page = (await answer.json()) as Page;
    else problem = answer.status === 400 ? m.wrongPeriod : texts.unavailable;
  } catch {
    problem = texts.unavailable;
  }
  show();
}

/** "user=caf.1 role=agent" in words; anything else as it is. */
function words(detail: string): string {
  const parts = detail.split(" ").map((part) => /^([a-z]+)=(.+)$/.exec(part));
  if (parts.some((p) => !p || !(p[1]! in m.details))) return detail;
  return parts.map((p) => `${m.details[p![1]!]} ${p![1] === "role" ? (texts.roles[p![2] as Role] ?? p![2]) : p![2]}`).join(", ");
}

function ask(form: HTMLFormElement): void {
  const fields = new FormData(form);
  void load(new URLSearchParams(["from", "to", "site", "who"].map((name) => [name, String(fields.get(name) ?? "").trim()])));
}

function show(): void {
  if (!state) return;
  const name = (id: string) => sites.find((s) => s.id === id)?.name ?? id;
  patch(root, [
    bar(state, m.title),
    h("main", { class: "content" },
      h("form", {
        class: "filters",
        onsubmit: (event) => {
          event.preventDefault();
          ask(event.target as HTMLFormElement);
        },
      },
        h("div", null, h("label", { for: "from" }, m.from), h("input", { id: "from", name: "from", type: "date", value: monthAgo, required: true })),
        h("div", null, h("label", { for: "to" }, m.to), h("input", { id: "to", name: "to", type: "date", value: today, required: true })),
        h("div", null, h("label", { for: "site" }, m.site),
          h("select", { id: "site", name: "site" }, h("option", { key: "", value: "" }, m.everywhere), sites.map((s) => h("option", { key: s.id, value: s.id }, s.name)))),
        h("div", null, h("label", { for: "who" }, m.who),
          h("input", { id: "who", name: "who", list: "users", autocomplete: "off", autocapitalize: "none", spellcheck: "false" }),
          h("datalist", { id: "users" }, users.map((u) => h("option", { key: u, value: u })))),
        h("button", { class: "button primary" }, m.button)),
      problem && h("p", { key: "problem", class: "problem", role: "alert" }, problem),
      page && h("p", { key: "count", role: "status" }, page.entries.length === 0 ? m.none : m.caption(page.entries.length, page.more)),
      page && page.entries.length > 0 && h("div", { key: "table", class: "wide", tabindex: 0, role: "region", "aria-label": m.title },
        h("table", null,
          h("thead", null, h("tr", null, m.columns.map((c) => h("th", { scope: "col" }, c)))),
          h("tbody", null, page.entries.map((e) => h("tr", null,
            h("td", { class: "digits" }, time.format(new Date(e.at))),
            h("td", null, e.who || m.nobody),
            h("td", null, m.actions[e.action] ?? e.action),
            h("td", null, e.site ? name(e.site) : "–"),
            h("td", null, e.detail ? words(e.detail) : "–"))))))),
  ]);
}

async function begin(): Promise<void> {
  state = (await whoIsThere()) ?? { provider: "", signed_in: false };
  try {
    const known = (await (await fetch("/accounts/list")).json()) as { sites: typeof sites; accounts: { user: string }[] };
    sites = known.sites;
    users = known.accounts.map((a) => a.user);
  } catch {
    // The record can be read without the lists to choose from.
  }
  await load(new URLSearchParams({ from: monthAgo, to: today, site: "", who: "" }));
}

void begin();
