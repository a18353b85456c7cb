// The hotline's page: every booth as the hub pushes it, as a list and a map, and
// one booth with its history, its log and what it may be asked to do.

import "./hotline.css";
import { h, patch, type Child } from "../common/dom";
import { leaveWhenSignedOut, signOut, texts as people } from "../common/people";
import { detail, type Detail } from "./detail";
import { allowRing, helpCalls, helpTitle } from "./help";
import { map, markOf, short } from "./map";
import { m, words } from "./messages";
import { merge, type Action, type Booth, type Collection, type Entry, type View } from "./view";
import { outcome, sound, soundLine, trip, updateOf, when } from "./wording";

const root = document.getElementById("root")!;
let view: View | undefined;
let offline = false;
let retry = 200;
const find = { text: "", state: "", trouble: "" };
/** What a person is asked to confirm. */
let asking: { booth: Booth; action: Action } | undefined;
/** The booth whose page is shown, with what is read of it apart. */
let opened: Detail | undefined;
/** What the history was read for: it is read again when this changes. */
let readFor = "";

function connect(): void {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/hotline/socket`);
  socket.onmessage = (event: MessageEvent<string>) => {
    retry = 200;
    offline = false;
    view = merge(view, JSON.parse(event.data) as View);
    readAgain();
    show();
  };
  socket.onclose = () => {
    offline = true;
    show();
    void leaveWhenSignedOut();
    setTimeout(connect, retry);
    retry = Math.min(2 * retry, 3000);
  };
}

const booths = (): Booth[] => view?.booths ?? [];

/** The address's fragment names the booth whose page is shown. */
function navigate(): void {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id === (opened?.id ?? "")) return;
  opened = id ? { id, history: undefined, log: undefined, told: undefined } : undefined;
  readFor = "";
  readAgain();
  show();
  document.querySelector<HTMLElement>("h1")?.focus();
  scrollTo(0, 0);
}

const open = (id: string): void => {
  location.hash = encodeURIComponent(id);
};

async function read<T>(id: string, what: string): Promise<T | undefined> {
  try {
    const answer = await fetch(`/hotline/booths/${encodeURIComponent(id)}/${what}`);
    return answer.ok ? ((await answer.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the history and the log of the booth whose page is shown, when it is opened and when something has changed. */
function readAgain(): void {
  const at = opened;
  const b = at && booths().find((b) => b.id === at.id);
  if (!at || !b || b.state === "never" && readFor !== "") return;
  const now = `${b.id} ${b.state} ${b.version} ${b.troubles.join(" ")}`;
  if (now === readFor) return;
  const first = readFor === "";
  readFor = now;
  void read<Entry[]>(at.id, "history").then((history) => {
    if (opened !== at) return;
    at.history = history ?? at.history ?? [];
    show();
  });
  if (first) void readLog(at, 0);
}

/** Reads the log, and again each second while its lines are on their way. */
async function readLog(at: Detail, tries: number): Promise<void> {
  const log = await read<Collection>(at.id, "logs");
  if (opened !== at) return;
  at.log = log ?? at.log;
  show();
  if (tries > 0 && !log?.complete) setTimeout(() => void readLog(at, tries - 1), 1000);
}

/** Asks the hub for what a person has confirmed. */
async function ask(b: Booth, action: Action, message: string): Promise<void> {
  const lasting = action === "out-of-service" || action === "in-service";
  let told = { good: false, text: m.failed };
  try {
    const answer = await fetch(`/hotline/booths/${encodeURIComponent(b.id)}/${action}`, { method: "POST", body: JSON.stringify(action === "out-of-service" ? { message } : {}) });
    told = answer.ok ? { good: true, text: lasting ? m.asked.lasting : m.asked.ok } : { good: false, text: m.refused[answer.status] ?? m.failed };
  } catch {
    // The text says it.
  }
  if (opened?.id !== b.id) return;
  opened.told = told;
  if (told.good && action === "logs") void readLog(opened, 20);
  show();
}

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function wanted(b: Booth): boolean {
  if (find.text && !plain(`${b.name} ${b.id} ${b.version}`).includes(plain(find.text))) return false;
  if (find.trouble && !b.troubles.includes(find.trouble)) return false;
  switch (find.state) {
    case "":
      return true;
    case "unwell":
      return b.troubles.length > 0;
    case "out":
      return b.out_of_service !== null;
    default:
      return b.state === find.state;
  }
}

function choice(id: "state" | "trouble", label: string, any: string, all: [string, string][]): Child[] {
  return [
    h("label", { for: id }, label),
    h("select", { id, onchange: (e) => { find[id] = (e.target as HTMLSelectElement).value; show(); } },
      h("option", { value: "", selected: find[id] === "" }, any),
      all.map(([value, text]) => h("option", { key: value, value, selected: find[id] === value }, text))),
  ];
}

function search(shown: number): Child {
  const troubles = [...new Set(booths().flatMap((b) => b.troubles))].sort();
  if (find.trouble && !troubles.includes(find.trouble)) troubles.push(find.trouble);
  return h("search", { key: "find", class: "find", "aria-label": m.find.title },
    h("label", { for: "text" }, m.find.search),
    h("input", { id: "text", type: "search", autocomplete: "off", spellcheck: "false", oninput: (e) => { find.text = (e.target as HTMLInputElement).value; show(); } }),
    choice("state", m.find.state, m.find.anyState, Object.entries(m.find.states)),
    choice("trouble", m.find.trouble, m.find.anyTrouble, troubles.map((t) => [t, words(t)])),
    h("p", { role: "status" }, m.find.shown(shown)));
}

function row(b: Booth): Child {
  const notes = [
    ...(b.known ? [] : [m.unknown]),
    ...(b.simulated.length ? [m.simulated(b.simulated.map((d) => m.devices[d] ?? d).join(", "))] : []),
    ...new Set([...b.troubles.filter((t) => t !== "silent" && t !== "update_failed"), ...b.warnings].map(words)),
    ...updateOf(b),
    ...(b.pending ? [m.pending[b.pending]] : []),
  ];
  return h("tr", { key: b.id },
    h("th", { scope: "row" }, h("a", { href: `#${encodeURIComponent(b.id)}`, title: b.name }, short(b.name || b.id)), h("small", null, b.id)),
    h("td", null, h("span", { class: `state ${markOf(b)}` }, m.state[markOf(b)]),
      b.out_of_service && h("span", { key: "out", class: "state out" }, m.outOfService)),
    h("td", null, b.state === "up" ? (m.phases[b.phase] ?? b.phase) : m.dash),
    h("td", { class: "digits" }, b.seen_at ? when(b.seen_at) : m.dash),
    h("td", null, b.version || m.dash),
    h("td", { class: "digits" }, b.health?.temperature_c === undefined ? m.dash : m.celsius(b.health.temperature_c)),
    h("td", { class: "digits" }, b.state === "up" ? trip(b) : m.dash),
    h("td", null,
      b.last_call && h("span", { key: "outcome" }, outcome(b.last_call)),
      b.last_call?.sound && soundLine("sound", b.last_call.sound, sound(b.last_call.sound)),
      b.state === "up" && b.sound && soundLine("now", b.sound, m.call.now(sound(b.sound))),
      !b.last_call && !(b.state === "up" && b.sound) && m.dash),
    h("td", null, notes.join(" ; ") || m.dash));
}

function list(): Child {
  const shown = booths().filter(wanted);
  return h("main", { key: "list", class: "list" },
    view && booths().length === 0 && h("p", { key: "none" }, m.none),
    booths().length > 0 && search(shown.length),
    h("div", { key: "both", class: "both" },
      h("div", { key: "table", class: "table", role: "region", "aria-label": m.title, tabindex: 0 },
        shown.length > 0 && h("table", { key: "table" },
          h("thead", null, h("tr", null, m.columns.map((c) => h("th", { scope: "col" }, c)))),
          h("tbody", null, shown.map(row)))),
      map(shown, open)));
}

/** The question before an action, as a dialog that keeps the keyboard to itself. */
function question(): Child {
  if (!asking) return false;
  const { booth, action } = asking;
  const a = m.actions[action];
  return h("dialog", {
    key: "question", "aria-labelledby": "question", "aria-describedby": "about",
    onclose: () => { asking = undefined; show(); },
  },
    h("form", {
      onsubmit: (e) => {
        e.preventDefault();
        const message = document.querySelector<HTMLInputElement>("#message")?.value.trim() ?? "";
        close();
        void ask(booth, action, message);
      },
    },
      h("h2", { id: "question" }, a.title(booth.name || booth.id)),
      h("p", { id: "about" }, `${a.text} ${m.recorded}`),
      action === "out-of-service" && h("label", { key: "label", for: "message" }, m.message),
      action === "out-of-service" && h("input", { key: "message", id: "message", type: "text", maxlength: 150, autocomplete: "off" }),
      h("div", { class: "buttons" },
        h("button", { key: "cancel", type: "button", class: "button", onclick: close }, m.cancel),
        h("button", { key: "confirm", type: "submit", class: "button primary" }, a.confirm))));
}

/** Closing gives the focus back to the button that opened it; then the dialog goes. */
function close(): void {
  document.querySelector("dialog")?.close();
}

function show(): void {
  const b = opened && booths().find((b) => b.id === opened?.id);
  const title = b ? b.name || b.id : m.title;
  patch(root, [
    h("header", null, h("p", { class: "brand" }, "Visioborne"), h("h1", { tabindex: -1 }, title),
      h("p", { role: "status" }, view ? m.count(booths().filter((b) => b.state === "up").length, booths().length) : ""),
      h("a", { class: "out", href: "/password" }, people.password),
      h("button", { type: "button", class: "out", onclick: () => void signOut() }, people.signOut)),
    offline && h("p", { key: "offline", class: "banner", role: "alert" }, m.offline),
    helpCalls(booths(), (b) => void ask(b, "help-seen", "")),
    opened ? detail(opened, b, (action) => {
      if (!b) return;
      asking = { booth: b, action };
      if (opened) opened.told = undefined;
      show();
    }) : list(),
    question(),
  ]);
  document.title = helpTitle(booths(), b ? `${title} – Visioborne` : "Visioborne, assistance");
  const dialog = document.querySelector("dialog");
  if (dialog && !dialog.open) dialog.showModal();
}

window.onhashchange = navigate;
allowRing(show);
// How long somebody has been calling for help moves on.
setInterval(() => { if (booths().some((b) => b.help !== null)) show(); }, 20_000);
show();
navigate();
connect();
