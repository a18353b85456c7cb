// The desk's page: a function from what is known to a tree of nodes.

import type { Deed, DeskCall, DeskView, Pause, Target } from "../common/desk";
import { h, icon, type Child, type Node } from "../common/dom";
import { icons } from "../common/icons";
import { texts } from "../common/people";
import type { Call } from "./call";
import { choosesSpeaker, type Devices, type Kind } from "./devices";
import { m } from "./messages";
import type { SelfTest } from "./selftest";

/** What is open beside the call, or instead of the quiet page. */
export type Panel = "" | "devices" | "transfer" | "written" | "papers";

export interface Context {
  view: DeskView | undefined;
  call: Call | undefined;
  offline: boolean;
  problem: string | null;
  panel: Panel;
  test: SelfTest | undefined;
  devices: Devices;
  alerts: NotificationPermission;
  ringing: boolean;
  /** Seconds since the view came. */
  passedSeconds: number;
  say: (deed: Deed) => void;
  signOut: () => Promise<void>;
  switchAvailable: (on: boolean, pause?: Pause) => void;
  openTest: () => void;
  closeTest: (passed: boolean) => void;
  openPanel: (panel: Panel) => void;
  choose: (kind: Kind, id: string) => void;
  allowAlerts: () => void;
  here: () => void;
  answer: () => void;
  hangUp: () => void;
  write: (form: HTMLFormElement) => void;
  /** The last message did not leave. */
  unsaid: boolean;
}

/** A button that cannot be used now keeps the focus, which one that is disabled loses. */
function unavailable(now: boolean): "true" | "false" {
  return now ? "true" : "false";
}

const pauses = ["break", "meeting", "lunch", "other"] as const satisfies Pause[];

/** The whole page. */
export function render(c: Context): Child[] {
  if (!c.view) return [h("main", { class: "wait" }, h("p", { role: "status" }, c.offline ? m.offline : "…"))];
  switch (c.view.screen) {
    case "signed_out":
      return []; // the page goes to the sign-in
    case "replaced":
      return [h("main", { class: "wait" }, h("h1", null, m.replaced), h("button", { type: "button", class: "button primary", onclick: c.here }, m.here))];
    case "ready":
      return desk(c, c.view);
    default:
      return c.view.screen satisfies never;
  }
}

function desk(c: Context, v: DeskView): Child[] {
  return [
    h("header", null,
      h("p", { class: "brand" }, "Visioborne"),
      h("p", { class: "adviser" }, h("b", null, v.adviser!.partner.short), ` ${v.adviser!.name}`),
      h("button", {
        type: "button", role: "switch", class: "switch", "aria-checked": v.available ? "true" : "false",
        onclick: () => c.switchAvailable(!v.available),
      }, h("i", { "aria-hidden": "true" }), m.available),
      h("div", { class: "pauses", role: "group", "aria-label": m.pause.group },
        pauses.map((p) => h("button", {
          key: p, type: "button", class: "button plain", "aria-pressed": !v.available && v.pause === p ? "true" : "false",
          onclick: () => c.switchAvailable(false, p),
        }, m.pause[p]))),
      // In a tab of its own: leaving this page would end a call.
      h("a", { class: "button plain", href: "/password", target: "_blank" }, texts.password),
      h("button", { type: "button", class: "button plain", onclick: () => void c.signOut() }, m.signOut)),
    c.offline && h("p", { key: "offline", class: "banner", role: "alert" }, m.offline),
    v.absent && !v.available && h("p", { key: "absent", class: "banner", role: "alert" }, m.absent),
    c.problem && h("p", { key: "problem", class: "banner", role: "alert" }, c.problem),
    h("div", { class: "room" },
      h("main", null, main(c, v)),
      h("aside", { "aria-label": m.line }, line(c, v), callBacks(c, v))),
  ];
}

function main(c: Context, v: DeskView): Child[] {
  if (c.call?.state.answered) return [talk(c, c.call, v.call?.targets ?? [], v.call?.need ?? "", v.call?.language ?? "fr")];
  if (c.ringing && v.call) return [ringing(c, v.call)];
  if (v.call?.state === "recalling") return [recalling(c, v.call)];
  if (c.test) return [selfTest(c, c.test)];
  return [
    h("div", { key: "quiet", class: "quiet" },
      icon(icons.video),
      h("h1", null, v.available ? m.availableHint : v.pause === "" ? m.awayHint : m.pause.hint(m.pause[v.pause])),
      h("p", null, m.quiet),
      !c.devices.choice.tested && h("p", { key: "untested", class: "hint" }, m.test.first),
      h("div", { class: "actions" },
        h("button", { key: "test", type: "button", class: c.devices.choice.tested ? "button" : "button primary", onclick: c.openTest }, icon(icons.camera), m.test.open),
        c.alerts === "default" && h("button", { key: "alerts", type: "button", class: "button", onclick: c.allowAlerts }, icon(icons.phone), m.alerts.ask)),
      c.alerts === "default" && h("p", { key: "why", class: "hint" }, m.alerts.why)),
  ];
}

/** Who waits, and since when. */
function line(c: Context, v: DeskView): Child[] {
  const longest = v.line.reduce((most, w) => Math.max(most, w.since_seconds + c.passedSeconds), 0);
  return [
    h("h2", null, m.line),
    h("p", { key: "count", class: "nobody", role: "status" }, v.waiting === 0 ? m.nobodyWaits : m.waiting(v.waiting)),
    v.line.length > 0 && h("p", { key: "longest", class: "nobody" }, m.longest(m.duration(longest))),
    v.line.length > 0 && h("ol", { key: "line" }, v.line.map((w) => h("li", { key: w.call },
      h("b", null, w.site), " ",
      w.from && h("span", { key: "from", class: "from" }, passedOn(w.from, w.returned)), " ",
      w.need && h("span", { key: "need", class: "need" }, m.need(w.need)), " ",
      language(w.language), " ",
      h("span", { key: "since" }, m.since(m.duration(w.since_seconds + c.passedSeconds)))))),
    v.waiting > v.line.length && h("p", { key: "more" }, m.more(v.waiting - v.line.length)),
  ];
}

/** The citizen's language, where it is not the adviser's own: to speak slowly, to fetch a colleague, or an interpreter. */
function language(code: string): Child {
  return code !== "fr" && h("span", { key: "language", class: "spoken" }, m.language(code));
}

function passedOn(from: string, returned: boolean): string {
  return returned ? m.transfer.returned(from) : m.transfer.from(from);
}

/** Calls that broke: they may be called back for some minutes. */
function callBacks(c: Context, v: DeskView): Child {
  if (v.dropped.length === 0) return null;
  return h("section", { key: "dropped", class: "dropped", "aria-label": m.callBack.title },
    h("h2", null, m.callBack.title),
    h("ul", null, v.dropped.map((d) => h("li", { key: d.call },
      h("b", null, d.site), " ",
      h("span", null, m.callBack.since(m.duration(d.since_seconds + c.passedSeconds))),
      h("button", {
        type: "button", class: "button", "aria-disabled": unavailable(v.call !== null), onclick: () => v.call === null && c.say({ do: "call_back", call: d.call }),
      }, icon(icons.phone), m.callBack.button)))));
}

function ringing(c: Context, theirs: DeskCall): Node {
  return h("div", { key: "ring", class: "ring", role: "alertdialog", "aria-labelledby": "ring-title", "aria-describedby": "ring-text" },
    icon(icons.phone, "icon bell"),
    h("h1", { id: "ring-title" }, m.ring.title),
    h("p", { id: "ring-text" },
      h("b", null, theirs.site), " ",
      theirs.from && h("span", { key: "from", class: "from" }, passedOn(theirs.from, theirs.returned)), " ",
      theirs.need && h("span", { key: "need", class: "need" }, m.need(theirs.need)), " ",
      language(theirs.language), " ",
      h("span", { key: "waited" }, m.ring.waited(m.duration(theirs.waited_seconds + c.passedSeconds)))),
    h("div", { class: "actions" },
      h("button", { key: "answer", type: "button", class: "button good", onclick: c.answer }, m.ring.answer),
      h("button", { key: "decline", type: "button", class: "button plain", onclick: () => c.say({ do: "decline", call: theirs.id }) }, m.ring.decline)));
}

function recalling(c: Context, theirs: DeskCall): Node {
  return h("div", { key: "recalling", class: "ring", role: "status" },
    icon(icons.phone, "icon bell"),
    h("h1", null, m.callBack.calling(theirs.site)),
    h("p", null, m.callBack.asks),
    h("div", { class: "actions" },
      h("button", { key: "give_up", type: "button", class: "button plain", onclick: () => c.say({ do: "give_up", call: theirs.id }) }, m.callBack.giveUp)));
}

function talk(c: Context, call: Call, targets: Target[], need: string, spoken: string): Node {
  const s = call.state;
  const seconds = s.since ? Math.floor((Date.now() - s.since) / 1000) : 0;
  const overlay = !s.connected ? m.talk.connecting : s.interrupted ? m.talk.interrupted : null;
  const signs = [s.company && m.talk.company, s.citizenAway && m.talk.citizenAway, s.citizenCameraOff && m.talk.citizenCameraOff, s.citizenMicrophoneOff && m.talk.citizenMicrophoneOff, s.problem].filter((t) => typeof t === "string");
  const toggle = (key: string, on: boolean, text: string, picture: string[], act: () => void) =>
    h("button", { key, type: "button", class: "button toggle", "aria-pressed": on ? "true" : "false", onclick: act }, icon(picture), text);
  const opens = (key: Panel, text: string, picture: string[]) =>
    h("button", { key, type: "button", class: "button", "aria-expanded": c.panel === key ? "true" : "false", onclick: () => c.openPanel(key) }, icon(picture), text);
  return h("section", { key: "talk", class: "talk", "aria-label": call.site },
    h("h1", { class: "announcer" }, call.site),
    need !== "" && h("p", { key: "need", class: "need" }, m.need(need)),
    h("div", { class: s.citizenSpeaks && !s.citizenMicrophoneOff ? "stage speaking" : "stage" },
      h("video", { id: "citizen", "aria-label": m.talk.citizen, autoplay: true, playsinline: true, class: s.citizenCameraOff ? "hidden" : "" }),
      h("video", { id: "own", "aria-label": m.talk.you, autoplay: true, playsinline: true, muted: true, class: s.camera && call.local ? "" : "hidden" }),
      h("p", { class: "caption" }, call.site, " ", language(spoken), " ", h("span", { class: "digits" }, m.duration(seconds))),
      speaks("citizen", s.citizenSpeaks && !s.citizenMicrophoneOff),
      speaks("you", s.adviserSpeaks && s.microphone),
      signs.length > 0 && h("ul", { key: "signs", class: "signs", role: "status" }, signs.map((text) => h("li", null, text))),
      overlay && h("p", { key: "overlay", class: "overlay", role: "status" }, overlay)),
    h("div", { class: "controls" },
      toggle("microphone", s.microphone, s.microphone ? m.talk.microphoneOn : m.talk.microphoneOff, s.microphone ? icons.microphone : icons.microphoneOff, () => call.setMicrophone(!s.microphone)),
      toggle("camera", s.camera, s.camera ? m.talk.cameraOn : m.talk.cameraOff, s.camera ? icons.camera : icons.cameraOff, () => call.setCamera(!s.camera)),
      opens("written", m.written.button, icons.write),
      opens("papers", m.papers.button, icons.paper),
      opens("devices", m.test.devices, icons.louder),
      opens("transfer", m.transfer.button, icons.pass),
      h("button", { key: "hang_up", type: "button", class: "button danger", onclick: c.hangUp }, icon(icons.hangUp), m.talk.hangUp)),
    c.panel === "papers" && papers(call),
    c.panel === "written" && written(c, call),
    c.panel === "devices" && h("div", { key: "panel-devices", class: "panel", role: "group", "aria-label": m.test.devices }, chooser(c, "camera"), chooser(c, "microphone"), chooser(c, "speaker")),
    c.panel === "transfer" && transfer(c, call, targets));
}

/** The partners to whom the call may be passed on; of those where nobody is, the number. */
function transfer(c: Context, call: Call, targets: Target[]): Node {
  return h("section", { key: "panel-transfer", class: "panel", "aria-label": m.transfer.title },
    h("h2", null, m.transfer.title),
    targets.length === 0
      ? h("p", { key: "none" }, m.transfer.none)
      : h("ul", { key: "targets", class: "targets" }, targets.map((t) => {
        const there = t.open && t.online > 0;
        return h("li", { key: t.id },
          h("b", null, t.short), " ",
          h("span", null, there ? m.transfer.there(t.free, t.waiting) : t.open ? m.transfer.nobody(t.phone) : m.transfer.closed(t.phone)),
          there && h("button", { key: "pass", type: "button", class: "button", onclick: () => c.say({ do: "transfer", call: call.id, partner: t.id }) }, m.transfer.to(t.short)));
      })));
}

/** A document for the citizen: choose it, turn its pages, take it away. */
function papers(call: Call): Node {
  const shown = call.papers;
  return h("section", { key: "panel-papers", class: "panel", "aria-label": m.papers.title },
    h("h2", null, m.papers.title),
    call.papersProblem && h("p", { key: "problem", class: "problem", role: "alert" }, call.papersProblem),
    h("div", { class: "chooser" },
      h("label", { for: "file" }, m.papers.choose),
      h("input", {
        id: "file", type: "file", accept: "application/pdf,image/*",
        onchange: (event) => {
          const field = event.target as HTMLInputElement;
          const file = field.files?.[0];
          if (file) void call.showFile(file);
          field.value = ""; // the same file may be chosen again
        },
      })),
    !shown && h("p", { key: "note", class: "nobody" }, m.papers.note),
    shown && h("div", { key: "shown", class: "shown" },
      h("p", { role: "status" }, m.papers.shown(shown.name), " ", h("b", null, m.papers.page(call.page, shown.pages)), " ", call.turning && m.papers.sending),
      h("div", { class: "actions" },
        shown.pages > 1 && h("button", { key: "before", type: "button", class: "button", "aria-disabled": unavailable(call.page <= 1), onclick: () => void call.turn(call.page - 1) }, m.papers.before),
        shown.pages > 1 && h("button", { key: "next", type: "button", class: "button", "aria-disabled": unavailable(call.page >= shown.pages), onclick: () => void call.turn(call.page + 1) }, m.papers.next),
        h("button", { key: "hide", type: "button", class: "button", onclick: () => call.hidePapers() }, m.papers.hide))),
    photo(call));
}

/** A sharp picture of a paper of the citizen's, who must agree. */
function photo(call: Call): Node {
  return h("div", { key: "photo", class: "photo", role: "group", "aria-label": m.photo.title },
    h("h2", null, m.photo.title),
    h("p", { role: "status" }, m.photo.states[call.photo]),
    call.picture && h("img", { key: call.picture.url, src: call.picture.url, alt: m.photo.picture }),
    h("div", { class: "actions" },
      h("button", { key: "ask", type: "button", class: "button", "aria-disabled": unavailable(call.photo === "coming"), onclick: () => call.photo !== "coming" && call.askPhoto() }, m.photo.ask),
      call.picture && h("a", { key: "save", class: "button", href: call.picture.url, download: call.picture.name }, m.photo.save),
      call.picture && h("button", { key: "forget", type: "button", class: "button", onclick: () => call.forgetPhoto() }, m.photo.forget)));
}

/** The sign of who speaks: in words and with a picture, not by its colour alone. */
function speaks(who: "citizen" | "you", now: boolean): Child {
  return now && h("p", { key: `speaks-${who}`, class: `speaks ${who}` }, icon(icons.louder), m.talk.speaks[who]);
}

/** What is written in the call, letter by letter where the booth can, and the line to write in. */
function written(c: Context, call: Call): Node {
  const text = call.text;
  const label = text.open ? m.written.live : m.written.label;
  const last = text.lines.findLast((l) => l.from === "citizen" && !l.open);
  return h("section", { key: "panel-written", class: "panel written", "aria-label": m.written.title },
    // Letters are no news for a screen reader; the whole line below is.
    h("div", { class: "lines", role: "log", "aria-live": "off", tabindex: 0, "aria-label": m.written.title },
      text.lines.length === 0
        ? h("p", { key: "none" }, m.written.none)
        : text.lines.map((line, i) => h("p", { key: String(i), class: `${line.from}${line.open ? " growing" : ""}`, dir: "auto" },
          h("b", null, line.from === "adviser" ? m.written.you : m.written.citizen), " ", line.phrase ? m.written.phrases[line.phrase] : line.text))),
    h("p", { class: "announcer", role: "status" }, last && `${m.written.citizen} : ${last.phrase ? m.written.phrases[last.phrase] : last.text}`),
    c.unsaid && h("p", { key: "unsaid", class: "problem", role: "alert" }, m.written.failed),
    h("form", {
      onsubmit: (event) => {
        event.preventDefault();
        c.write(event.target as HTMLFormElement);
      },
    },
      h("label", { for: "write", class: "announcer" }, label),
      h("input", {
        id: "write", name: "text", maxlength: 900, autocomplete: "off", placeholder: label, value: text.draft,
        oninput: (event) => {
          // What a dead key or an input method has not finished is no text yet.
          if (!(event as InputEvent).isComposing) text.type((event.target as HTMLInputElement).value);
        },
        onkeyup: (event) => {
          if (!(event as KeyboardEvent).isComposing) text.type((event.target as HTMLInputElement).value);
        },
      }),
      h("button", { class: "button primary" }, text.open ? m.written.end : m.written.send)));
}

/** A list to choose a device from. */
function chooser(c: Context, kind: Kind): Child {
  if (kind === "speaker" && !choosesSpeaker) return null;
  const all = c.devices.list(kind);
  const chosen = c.devices.choice[kind];
  const id = `choose-${kind}`;
  return h("div", { key: kind, class: "chooser" },
    h("label", { for: id }, m.test.kinds[kind]),
    h("select", { id, onchange: (event) => c.choose(kind, (event.target as HTMLSelectElement).value) },
      h("option", { key: "", value: "", selected: !all.some((d) => d.id === chosen) }, m.test.usual),
      all.map((d, i) => h("option", { key: d.id, value: d.id, selected: d.id === chosen }, d.label || m.test.unnamed(m.test.kinds[kind], i + 1)))));
}

function selfTest(c: Context, test: SelfTest): Node {
  return h("section", { key: "test", class: "test", "aria-labelledby": "test-title" },
    h("h1", { id: "test-title" }, m.test.title),
    test.problem && h("p", { key: "problem", class: "problem", role: "alert" }, test.problem),
    h("div", { class: "trial" },
      h("div", null, chooser(c, "camera"), h("p", null, m.test.see)),
      h("video", { id: "preview", "aria-label": m.talk.you, autoplay: true, playsinline: true, muted: true })),
    h("div", { class: "trial" },
      h("div", null, chooser(c, "microphone"), h("p", null, m.test.speak)),
      h("div", null,
        h("meter", { id: "level", min: 0, max: 1, "aria-label": m.test.level }),
        h("p", { role: "status", class: test.heard ? "heard" : "" }, test.heard ? m.test.heard : m.test.notHeard))),
    h("div", { class: "trial" },
      h("div", null, chooser(c, "speaker"), h("p", null, m.test.listen)),
      h("button", { type: "button", class: "button", onclick: () => void test.play() }, icon(icons.louder), m.test.play)),
    h("div", { class: "actions" },
      h("button", { key: "passed", type: "button", class: "button good", onclick: () => c.closeTest(true) }, m.test.passed),
      h("button", { key: "close", type: "button", class: "button plain", onclick: () => c.closeTest(false) }, m.test.close)));
}
