// The page of a site's agent: whether the booth is free, a call for somebody, and
// company in a call, which the citizen is asked about.

import "./reception.css";
import { h, patch, type Child } from "../common/dom";
import { bar, post, signInAddress, texts, whoIsThere, type State } from "../common/people";
import { m } from "./messages";

/** Twin of view in hub/reception/reception.go. */
interface Booth {
  site: string;
  state: keyof typeof m.states;
  company: "" | "offered" | "there";
  partners: { id: string; short: string; name: string }[];
}

const root = document.getElementById("root")!;
const refreshMilliseconds = 2000;
let state: State | undefined;
let booth: Booth | undefined;
let problem: string | null = null;
let notice: string | null = null;

async function load(): Promise<void> {
  try {
    const answer = await fetch("/reception/booth");
    if (answer.status === 401) return location.assign(signInAddress());
    booth = answer.ok ? ((await answer.json()) as Booth) : undefined;
    problem = answer.ok ? null : answer.status === 404 ? m.noSite : texts.unavailable;
    if (booth?.state !== "free") notice = null;
  } catch {
    problem = texts.unavailable;
  }
  show();
}

async function ask(path: string, body: object, sent: string | null): Promise<void> {
  const { status } = await post(path, body);
  notice = status === 202 ? sent : status === 409 ? m.call.busy : texts.unavailable;
  show();
  await load();
}

function calls(b: Booth): Child {
  return h("section", { key: "call", class: "panel", "aria-labelledby": "call" },
    h("h2", { id: "call" }, m.call.title),
    h("p", null, m.call.text),
    h("ul", { class: "calls" }, b.partners.map((p) => h("li", { key: p.id },
      h("button", { type: "button", class: "button", title: p.name, disabled: b.state !== "free", onclick: () => void ask("/reception/call", { partner: p.id }, m.call.sent) }, m.call.button(p.short))))));
}

function company(b: Booth): Child {
  const button = (label: string, here: boolean) =>
    h("button", { key: label, type: "button", class: here ? "button primary" : "button", disabled: b.state !== "call", onclick: () => void ask("/reception/join", { here }, null) }, label);
  return h("section", { key: "join", class: "panel", "aria-labelledby": "join" },
    h("h2", { id: "join" }, m.join.title),
    h("p", null, m.join.text),
    h("p", { role: "status" }, b.company === "offered" ? m.join.offered : b.company === "there" ? m.join.there : ""),
    b.company === "" ? button(m.join.offer, true) : button(b.company === "there" ? m.join.leave : m.join.withdraw, false));
}

function show(): void {
  if (!state) return;
  patch(root, [
    bar(state, m.title),
    h("main", { class: "content" },
      problem && h("p", { key: "problem", class: "problem", role: "alert" }, problem),
      booth && h("h1", { key: "booth" }, m.booth(booth.site)),
      booth && h("p", { key: "state", class: "state", role: "status" }, m.states[booth.state]),
      notice && h("p", { key: "notice", role: "status" }, notice),
      booth && calls(booth),
      booth && company(booth)),
  ]);
}

async function begin(): Promise<void> {
  state = (await whoIsThere()) ?? { provider: "", signed_in: false };
  await load();
  setInterval(() => void load(), refreshMilliseconds);
}

void begin();
