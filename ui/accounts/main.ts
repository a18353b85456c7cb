// The administrators' page: who works with the hub, and what each may do.

import "../common/people.css";
import { h, patch, type Child, type Node } from "../common/dom";
import { bar, field, post, signInAddress, texts, whoIsThere, type Role, type State } from "../common/people";
import { m } from "./messages";

/** Twin of Row in hub/roster/roster.go. */
interface Account {
  user: string;
  name: string;
  role: Role;
  partner: string;
  site: string;
  email: string;
  password: boolean;
  one_time: boolean;
  disabled: boolean;
}
interface Choice {
  id: string;
  name: string;
}
/** Twin of List in hub/roster/roster.go. */
interface List {
  me: string;
  accounts: Account[];
  roles: Role[];
  partners: Choice[];
  sites: Choice[];
}

const root = document.getElementById("root")!;
let state: State | undefined;
let list: List | undefined;
/** The form that is open: for a new account, or for one that is there. */
let open: "new" | Account | undefined;
let role: Role = "adviser";
let wrong: { field: string; text: string } | undefined;
let problem: string | null = null;
let done: string | null = null;
/** A one-time password, until it has been noted. */
let given: { name: string; password: string } | undefined;
let busy = false;

async function load(): Promise<void> {
  try {
    const answer = await fetch("/accounts/list");
    if (answer.status === 401) return location.assign(signInAddress());
    if (!answer.ok) throw new Error(answer.statusText);
    list = (await answer.json()) as List;
  } catch {
    problem = texts.unavailable;
  }
  show();
}

function focus(id: string): void {
  document.getElementById(id)?.focus();
}

function openForm(what: "new" | Account): void {
  open = what;
  role = what === "new" ? "adviser" : what.role;
  wrong = undefined;
  problem = done = null;
  show();
  focus(what === "new" ? "user" : "name");
}

function closeForm(): void {
  const back = open === "new" ? "add" : open && `edit-${open.user}`;
  open = undefined;
  show();
  if (back) focus(back);
}

async function save(form: HTMLFormElement): Promise<void> {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const name = text("name");
  const fields = { name, role, partner: text("partner"), site: text("site"), email: text("email") };
  const path = open === "new" ? "/accounts/add" : `/accounts/user/${encodeURIComponent((open as Account).user)}/change`;
  const body = open === "new" ? { ...fields, user: text("user"), password: data.get("password") !== null } : fields;
  busy = true;
  show();
  const { status, body: answer } = await post<{ password?: string }>(path, body);
  busy = false;
  if (status === 200) {
    const added = open === "new";
    done = added ? m.done.added(name) : m.done.changed(name);
    given = answer?.password ? { name, password: answer.password } : undefined;
    open = undefined;
    wrong = undefined;
    await load();
    focus(given ? "given" : "done");
    return;
  }
  const error = answer?.error ?? "";
  const at = error === "exists" ? "user" : error;
  wrong = { field: ["user", "name", "partner", "site", "email"].includes(at) && document.getElementById(at) ? at : "name", text: m.problems[error] ?? texts.unavailable };
  show();
  focus(wrong.field);
}

async function act(a: Account, deed: "reset" | "disable" | "enable"): Promise<void> {
  if (deed !== "enable" && !confirm(m.confirm[deed](a.name))) return;
  problem = done = null;
  given = undefined;
  const { status, body } = await post<{ password?: string }>(`/accounts/user/${encodeURIComponent(a.user)}/${deed}`, {});
  if (status === 200) {
    done = m.done.changed(a.name);
    if (body?.password) given = { name: a.name, password: body.password };
  } else {
    problem = m.problems[body?.error ?? ""] ?? texts.unavailable;
  }
  await load();
  focus(given ? "given" : problem ? "problem" : "done");
}

function select(name: string, label: string, value: string, choices: Choice[], change?: (value: string) => void, hint?: string): Child[] {
  const about = wrong?.field === name ? wrong.text : null;
  const described = [hint && `${name}-hint`, about && `${name}-wrong`].filter(Boolean).join(" ");
  return [
    h("label", { key: `${name}-label`, for: name }, label),
    h("select", { key: name, id: name, name, "aria-describedby": described || null, onchange: change ? (event) => change((event.target as HTMLSelectElement).value) : null },
      choices.map((c) => h("option", { key: c.id, value: c.id, selected: c.id === value }, c.name))),
    hint ? h("p", { key: `${name}-hint`, id: `${name}-hint`, class: "hint" }, hint) : null,
    about && h("p", { key: `${name}-wrong`, id: `${name}-wrong`, class: "problem", role: "alert" }, about),
  ];
}

function form(l: List): Node {
  const a = open === "new" ? undefined : (open as Account);
  const about = (name: string) => (wrong?.field === name ? wrong.text : null);
  const none = { id: "", name: m.noPartner };
  return h("form", {
    key: a?.user ?? "new", class: "card", "aria-labelledby": "form-title",
    onsubmit: (event) => {
      event.preventDefault();
      void save(event.target as HTMLFormElement);
    },
  },
    h("h2", { id: "form-title" }, a ? m.edit(a.name) : m.add),
    !a && field("user", m.user, { required: true, maxlength: 64, autocomplete: "off", autocapitalize: "none", spellcheck: "false" }, about("user"), m.userHint),
    field("name", m.name, { required: true, maxlength: 80, value: a?.name ?? "", autocomplete: "off" }, about("name"), m.nameHint),
    select("role", m.role, role, l.roles.map((r) => ({ id: r, name: texts.roles[r] })), (value) => {
      role = value as Role;
      show();
    }, m.roleHints[role]),
    (role === "adviser" || role === "administrator") &&
      select("partner", m.partner, a?.partner ?? "", role === "adviser" && a?.partner ? l.partners : [none, ...l.partners]),
    role === "agent" && select("site", m.site, a?.site ?? "", l.sites),
    field("email", m.email, { type: "email", value: a?.email ?? "", autocomplete: "off" }, about("email"), m.emailHint),
    !a && h("div", { key: "with", class: "check" }, h("input", { id: "password", name: "password", type: "checkbox", checked: true }), h("label", { for: "password" }, m.withPassword)),
    h("div", { key: "buttons", class: "actions" },
      h("button", { key: "save", class: "button primary", disabled: busy }, m.save),
      h("button", { key: "cancel", type: "button", class: "button", onclick: closeForm }, m.cancel)));
}

function row(l: List, a: Account): Child {
  const place = l.partners.find((p) => p.id === a.partner)?.name ?? l.sites.find((s) => s.id === a.site)?.name ?? (a.partner || a.site || "–");
  const ways = [a.one_time ? m.oneTime : a.password && m.password, a.email && m.provider].filter(Boolean).join(", ");
  const button = (deed: "edit" | "reset" | "disable" | "enable", act: () => void, danger = false) =>
    h("button", { key: deed, id: `${deed}-${a.user}`, type: "button", class: danger ? "button danger" : "button", "aria-label": m.actionsOn[deed](a.name), onclick: act }, m.actions[deed]);
  const mine = a.user === l.me;
  return h("tr", { key: a.user },
    h("th", { scope: "row" }, a.name, h("small", null, a.user, mine && ` (${m.me})`)),
    h("td", null, texts.roles[a.role]),
    h("td", null, place),
    h("td", null, ways, a.email && h("small", { key: "email" }, a.email), a.disabled && h("span", { key: "off", class: "off" }, m.disabled)),
    h("td", null, h("div", { class: "actions" },
      button("edit", () => openForm(a)),
      button("reset", () => void act(a, "reset")),
      !mine && (a.disabled ? button("enable", () => void act(a, "enable")) : button("disable", () => void act(a, "disable"), true)))));
}

function show(): void {
  if (!state) return;
  patch(root, [
    bar(state, m.title),
    h("main", { class: "content" },
      problem && h("p", { key: "problem", id: "problem", class: "problem", role: "alert", tabindex: -1 }, problem),
      done && h("p", { key: "done", id: "done", class: "done", role: "status", tabindex: -1 }, done),
      given && h("section", { key: "given", class: "card", "aria-labelledby": "given" },
        h("h2", { id: "given", tabindex: -1 }, m.given(given.name)),
        h("p", { class: "secret" }, given.password),
        h("p", null, m.givenHint),
        h("button", {
          type: "button", class: "button primary",
          onclick: () => {
            given = undefined;
            show();
            focus("add");
          },
        }, m.noted)),
      list && open && form(list),
      list && !open && h("p", { key: "adding" }, h("button", { id: "add", type: "button", class: "button primary", onclick: () => openForm("new") }, m.add)),
      list && list.accounts.length === 0 && h("p", { key: "none" }, m.none),
      list && list.accounts.length > 0 && h("div", { key: "table", class: "wide", tabindex: 0, role: "region", "aria-label": m.title },
        h("table", null,
          h("caption", null, m.caption(list.accounts.length)),
          h("thead", null, h("tr", null, m.columns.map((c) => h("th", { scope: "col" }, c)))),
          h("tbody", null, list.accounts.map((a) => row(list!, a)))))),
  ]);
}

void whoIsThere().then((s) => {
  state = s ?? { provider: "", signed_in: false };
  return load();
});
