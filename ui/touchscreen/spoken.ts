// The spoken mode: every screen is read out, and moved through by four keys, or
// by four zones of the screen (EN 301 549, 5.1.3). What is spoken is what the page
// shows, taken from the document: a screen needs nothing of its own for it.

import "./spoken.css";
import { h, icon, type Node } from "../common/dom";
import { icons } from "../common/icons";
import type { FourKey, View } from "../common/screen";
import { ChosenClick } from "./guard";
import type { Context } from "./screens";
import { messages } from "./messages";
import { spokenMessages, type SpokenMessages } from "./messages/spoken";

/** What is on the page for the ear: a text, or a button. */
interface Item {
  element: Element;
  kind: "heading" | "text" | "button";
  text: string;
}

/** What a loudspeaker that is simulated says; times tells one from the next. */
export interface Saying {
  text: string;
  times: number;
}

/** What concerns nobody else in the room: it comes from the adviser. */
const personal = ".lines p, .call h1, .call .caption p:not(.speaks), .call_back h1";
/** What goes on changing, and is read when somebody asks for it; a question's time is told once. */
const restless = ".waited, .still-there .digits";
const untold = ".waited";
/** In a talk only this is spoken unasked; all else waits for a key. */
const urgent = ".overlay, .overlay h2, .signs li, .volume output, .lines p.adviser";
/** One text, whatever is in it. */
const texts = "h1, h2, h3, p, li, dl > div, figcaption, output";
/** The longest text that is sent; the booth cuts what is longer than 2000 bytes. */
const longest = 900;
/** For so long after a button was chosen its own change is the answer. */
const answerMilliseconds = 2000;

const order: FourKey[] = ["repeat", "choose", "previous", "next"];

/** The button that begins the spoken mode, and ends it. */
export function ear(t: Context): Node | false {
  const { available, on } = t.view.speech;
  if (!available) return false;
  const m = spokenMessages(t.view.language);
  return h("button", { key: "ear", type: "button", class: "language ear", disabled: !t.driving, "aria-pressed": on ? "true" : "false", onclick: () => t.send({ intent: "speech", on: !on }) },
    icon(icons.ear), h("span", null, on ? m.stop : m.listen));
}

/** What the spoken mode adds to the page: its volume, and the four zones in the lower corners and above them. */
export function zones(t: Context, saying: Saying | null, press: (key: FourKey) => void): Node | false {
  if (!t.view.speech.on) return false;
  const m = spokenMessages(t.view.language);
  const volume = t.view.speech.volume_percent;
  const louder = (step: number) => () => t.send({ intent: "volume", percent: Math.max(0, Math.min(100, volume + step)) });
  const talk = messages(t.view.language).talk;
  const step = (key: string, label: string, picture: string[], by: number, end: boolean) =>
    h("button", { key, type: "button", class: "button toggle", disabled: !t.driving || end, onclick: louder(by) }, icon(picture), h("span", null, label));
  return h("nav", { key: "spoken", class: "spoken", "aria-label": m.zones },
    t.view.screen.name !== "call" && h("div", { key: "voice", class: "voice volume", role: "group", "aria-label": talk.volume(volume) },
      step("voice-softer", talk.softer, icons.quieter, -10, volume <= 0), h("output", null, talk.volume(volume)),
      step("voice-louder", talk.louder, icons.louder, 10, volume >= 100)),
    saying !== null && h("p", { key: "saying", class: "notice simulated saying", "aria-hidden": "true", "data-times": saying.times }, saying.text),
    h("div", { key: "zones", class: "zones" }, order.map((key) =>
      h("button", { key, type: "button", class: `zone ${key}`, disabled: !t.driving, onclick: () => press(key) }, icon(zoneIcons[key]), h("span", null, m[key])))));
}

const zoneIcons: Record<FourKey, string[]> = {
  previous: icons.back,
  next: ["M5 12h14", "m13 6 6 6-6 6"],
  repeat: icons.again,
  choose: ["m5 12.5 4.5 4.5L19 7.5"],
};

/** What a key of a keyboard means here. */
export function fourKey(key: string): FourKey | null {
  switch (key) {
    case "ArrowLeft":
    case "ArrowUp":
      return "previous";
    case "ArrowRight":
    case "ArrowDown":
      return "next";
    case " ":
      return "repeat";
    case "Enter":
      return "choose";
  }
  return null;
}

/** Follows the page while the spoken mode is on. */
export class Spoken {
  private view: View | undefined;
  private scope = "";
  /** What stood there and may be news when it changes. */
  private stood: string[] = [];
  private heard: Item | null = null;
  private index = -1;
  private said = "";
  private chosen: { element: Element; text: string; at: number } | null = null;

  /** speak has a text said, "" for silence; stay says that somebody is there. */
  constructor(private readonly root: Element, private readonly speak: (text: string) => void, private readonly stay: () => void) {}

  get on(): boolean {
    return this.view !== undefined;
  }

  /** Takes the page as it is now. */
  show(view: View | undefined): void {
    if (!view?.speech.on) {
      this.view = undefined;
      this.said = "";
      this.stood = [];
      this.mark(null);
      return;
    }
    // What was said in confidence is not repeated to a room.
    if (this.view?.speech.private && !view.speech.private) this.said = this.m.personal;
    const began = this.view === undefined;
    this.view = view;
    const m = this.m;
    const items = this.items();
    const scope = `${view.screen.name} ${view.language} ${this.dialog()?.className ?? ""} ${this.layer()?.className ?? ""}`;
    const standing = this.standing(items);
    const news = standing.filter((text) => !this.stood.includes(text));
    this.stood = standing;
    if (began || scope !== this.scope) {
      this.scope = scope;
      this.index = -1;
      this.mark(null);
      this.chosen = null;
      this.say([...(began ? [m.begin(view.site)] : []), ...this.announcement(items)]);
      return;
    }
    this.follow(items);
    const answer = this.answer();
    this.say([answer, ...news]);
  }

  /** One of the four keys. */
  press(key: FourKey): void {
    const view = this.view;
    if (!view) return;
    if (view.still_there !== null) {
      this.stay();
      return;
    }
    const items = this.items();
    this.follow(items);
    switch (key) {
      case "next":
      case "previous": {
        // After the end comes the beginning, which is told.
        const to = this.index + (key === "next" ? 1 : -1);
        this.index = to < 0 ? items.length - 1 : to >= items.length ? 0 : to;
        const item = items[this.index];
        if (!item) return;
        this.mark(item);
        this.say([to < 0 ? this.m.last : to >= items.length ? this.m.first : "", this.describe(item)]);
        return;
      }
      case "repeat":
        this.speak(this.said);
        return;
      case "choose": {
        const item = this.heard;
        if (item?.kind !== "button" || !(item.element instanceof HTMLButtonElement) || item.element.disabled) {
          this.say([item ? this.describe(item) : this.m.nothing]);
          return;
        }
        this.chosen = { element: item.element, text: this.describe(item), at: performance.now() };
        item.element.dispatchEvent(new ChosenClick());
        return;
      }
      default:
        return key satisfies never;
    }
  }

  private get m(): SpokenMessages {
    return spokenMessages(this.view!.language);
  }

  /** A question that stands before all else. */
  private dialog(): Element | null {
    return [...this.root.querySelectorAll('[role="alertdialog"]')].filter((e) => !e.closest(".covered")).at(-1) ?? null;
  }

  /** What lies over the page: help, or the languages. */
  private layer(): Element | null {
    return this.root.querySelector(".covered") && this.root.querySelector(".help-layer, main:not(.covered)");
  }

  /** What is to be heard of the page. */
  private main(): Element | null {
    return this.layer() ?? this.root.querySelector("main");
  }

  /** What can be heard, in order: the question, or the page and then the buttons around it. */
  private items(): Item[] {
    const all: Item[] = [];
    const dialog = this.dialog();
    if (dialog) {
      collect(dialog, all);
      return all;
    }
    const main = this.main();
    if (main) collect(main, all);
    for (const e of this.root.children) {
      if (e !== main && !e.contains(main) && !e.matches("header, p")) collect(e, all);
    }
    for (const e of this.root.querySelectorAll("header button")) collect(e, all);
    return all;
  }

  /** What is spoken by itself when it appears. */
  private standing(items: Item[]): string[] {
    const call = this.view!.screen.name === "call" && this.dialog() === null && this.layer() === null;
    const all: string[] = [];
    for (const item of items) {
      if (item.kind === "button" || item.element.matches(restless) || (call && !item.element.matches(urgent))) continue;
      // That there is one more is told; what it says is heard on demand.
      all.push(item.element.matches(".lines p.adviser") ? this.m.written : this.content(item));
    }
    // Two messages are one more than one.
    const written = all.filter((text) => text === this.m.written).length;
    return [...all.filter((text) => text !== this.m.written), ...(written > 0 ? [this.m.written + " ".repeat(written)] : [])];
  }

  /** A screen or a question as a whole: its texts, and how many buttons it has; of a talk what is urgent. */
  private announcement(items: Item[]): string[] {
    if (this.view!.screen.name === "call" && this.dialog() === null && this.layer() === null) {
      return items.filter((item) => item.kind !== "button" && item.element.matches(urgent) && !item.element.matches("output, .lines p")).map((item) => this.content(item));
    }
    const scope = this.dialog() ?? this.main();
    const own = items.filter((item) => scope?.contains(item.element));
    const buttons = own.filter((item) => item.kind === "button").length;
    return [
      ...own.filter((item) => item.kind !== "button" && !item.element.matches(untold)).map((item) => this.content(item)),
      ...(this.view!.still_there !== null ? [this.m.anyKey] : buttons > 0 ? [this.m.choices(buttons)] : []),
    ];
  }

  /** What was heard last is found again when the page has changed around it. */
  private follow(items: Item[]): void {
    const heard = this.heard;
    if (!heard) return;
    const at = items.findIndex((item) => item.element === heard.element);
    if (at >= 0) {
      this.index = at;
      this.mark(items[at]!);
      return;
    }
    this.index = Math.min(this.index, items.length) - 1; // the next one is what stands there now
    this.mark(null);
  }

  /** What a button says now that was chosen, if that is something else. */
  private answer(): string {
    const { chosen } = this;
    if (!chosen) return "";
    if (performance.now() - chosen.at > answerMilliseconds || !chosen.element.isConnected) {
      this.chosen = null;
      return "";
    }
    const item = itemOf(chosen.element);
    const text = item ? this.describe(item) : "";
    if (text === chosen.text) return "";
    this.chosen = null;
    return text;
  }

  private content(item: Item): string {
    return item.element.matches(personal) && !this.view!.speech.private ? this.m.personal : item.text;
  }

  private describe(item: Item): string {
    const m = this.m;
    switch (item.kind) {
      case "text":
        return this.content(item);
      case "heading":
        return `${this.content(item)}, ${m.heading}`;
      case "button": {
        const pressed = item.element.getAttribute("aria-pressed");
        return [
          item.text, m.button,
          ...(pressed === "true" ? [m.pressed] : pressed === "false" ? [m.released] : []),
          ...(item.element.hasAttribute("disabled") ? [m.unavailable] : []),
        ].join(", ");
      }
    }
  }

  private say(parts: string[]): void {
    const text = parts.map(sentence).filter((part) => part !== "").join(" ").slice(0, longest);
    if (text === "") return;
    this.said = text;
    this.speak(text);
  }

  private mark(item: Item | null): void {
    if (this.heard && this.heard.element !== item?.element) this.heard.element.removeAttribute("data-heard");
    this.heard = item;
    if (!item || item.element.hasAttribute("data-heard")) return;
    item.element.setAttribute("data-heard", "");
    item.element.scrollIntoView({ block: "nearest" });
  }
}

/** Puts what can be heard in an element into a list. */
function collect(e: Element, all: Item[]): void {
  // What lies under a layer is not there; the copy of the last line that was written is nobody's item.
  if (e.matches('[aria-hidden="true"], .zones, .covered, .written .announcer')) return;
  const item = itemOf(e);
  if (item) {
    if (item.text !== "") all.push(item);
    return;
  }
  for (const child of e.children) collect(child, all);
}

function itemOf(e: Element): Item | null {
  if (e instanceof HTMLButtonElement) return { element: e, kind: "button", text: e.getAttribute("aria-label") ?? words(e) };
  if (!e.matches(texts) || e.querySelector("button") !== null) return null;
  return { element: e, kind: e.matches("h1, h2, h3") ? "heading" : "text", text: words(e) };
}

/** The text of an element, its parts set apart. */
function words(e: Element): string {
  const parts = [...e.childNodes].filter((n) => n instanceof Text || (n instanceof Element && n.matches("span, strong, b, dt, dd") && n.getAttribute("aria-hidden") !== "true"))
    .map((n) => (n.textContent ?? "").replace(/\s+/g, " ").trim()).filter((text) => text !== "");
  return parts.join(e instanceof HTMLButtonElement ? ", " : " ");
}

/** A text with an end, so that the voice makes a pause. */
function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === "" || /[.!?…:؟。]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
