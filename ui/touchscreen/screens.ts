// The screens: each a function from what the kiosk pushed to a tree of nodes.

import { h, icon, type Child, type Node } from "../common/dom";
import { icons, type IconName } from "../common/icons";
import * as need from "./needs";
import { attract } from "./attract";
import { languageButton, languageLayer, picture as drawn } from "./languages";
import { locale, messages, type Messages } from "./messages";
import { opinion } from "./opinion";
import type { CallScreen, Check, CheckName, EnrolmentScreen, FourKey, Intent, Line, Partner, Screen, TechnicianScreen, View } from "../common/screen";
import type { Keyboard } from "./keyboard";
import { ear, zones, type Saying } from "./spoken";
import { billboard, drawnOn, zoneButton } from "./panel";
import { day, when } from "./when";

export interface Context {
  view: View;
  /** Whether this page drives; a watcher's buttons are dead. */
  driving: boolean;
  now: Date;
  send: (intent: Intent) => void;
  keyboard: Keyboard;
  /** What a simulated speaker says, and a zone of the spoken mode. */
  saying: Saying | null;
  press: (key: FourKey) => void;
}

export interface Tools extends Context {
  m: Messages;
  button: (className: string, label: string, picture: IconName | null, intent: Intent, more?: Record<string, string | boolean>) => Node;
}

/** The whole page. */
export function render(c: Context): Child[] {
  const m = messages(c.view.language);
  const t: Tools = {
    ...c,
    m,
    button: (className, label, picture, intent, more = {}) =>
      h("button", { type: "button", class: `button ${className}`, disabled: !c.driving, onclick: () => c.send(intent), ...more },
        picture && drawn(picture), h("span", null, label)),
  };
  const screen = c.view.screen;
  const panel = drawnOn(c.view);
  return [
    c.view.dark && h("div", { key: "dark", class: "dark", "aria-hidden": "true" }),
    panel.low && billboard(c.view, m),
    header(t),
    c.view.attract && screen.name === "home" && !c.view.asks_language
      ? attract(t, screen.partners, (p) => status(t, p))
      : h(c.view.asks_language ? "div" : "main", { key: screen.name, class: `screen ${screen.name}${screen.name === "call" && screen.keyboard ? " typing" : ""}${c.view.asks_language || c.view.help?.open ? " covered" : ""}` }, body(t, screen)),
    c.view.asks_language ? languageLayer(t) : need.helpLayer(t),
    h("p", { class: "announcer", role: "status", "aria-live": "polite" }, c.view.asks_language ? m.languages.title : need.helpTitle(t) || title(t, screen)),
    panel.lowers && zoneButton(panel, m, c.driving, (on) => c.send({ intent: "low", on })),
    c.view.still_there !== null && stillThere(t, c.view.still_there.until),
    zones(t, c.saying, c.press),
  ];
}

/** Asks whether somebody is there, over whatever is shown. Any touch says yes. */
function stillThere(t: Tools, until: string): Node {
  const m = t.m.stillThere;
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - t.now.getTime()) / 1000));
  return h("div", { key: "still-there", class: "still-there", onclick: () => t.driving && t.send({ intent: "touch" }), role: "alertdialog", "aria-modal": "true", "aria-labelledby": "still-there-title", "aria-describedby": "still-there-text" },
    h("h2", { id: "still-there-title" }, m.title),
    h("p", { id: "still-there-text", class: "lead digits" }, m.text(seconds)),
    h("div", { class: "actions" },
      t.button("secondary large", m.no, "home", { intent: "leave" }, { key: "no" }),
      t.button("primary large", m.yes, null, { intent: "touch" }, { key: "yes", autofocus: true })));
}

function header(t: Tools): Node {
  const { view, m } = t;
  const call = view.screen.name === "call" ? view.screen : null;
  const checking = view.screen.name === "checking"; // the devices are open then, too
  const camera = checking || call?.camera === true || call?.photo === "taking";
  const microphone = checking || call?.microphone === true;
  return h("header", null,
    h("div", { class: "bar" },
      h("p", { class: "site" }, view.site),
      h("p", { class: camera || microphone ? "privacy on" : "privacy" },
        icon(camera ? icons.camera : icons.cameraOff), icon(microphone ? icons.microphone : icons.microphoneOff),
        h("span", null, privacy(t, camera, microphone))),
      ear(t),
      languageButton(t),
      need.helpButton(t)),
    view.simulated.length > 0 && h("p", { key: "simulated", class: "notice simulated" }, m.simulated(view.simulated)),
    view.training && h("div", { key: "training", class: "notice training" }, h("p", null, m.training.notice),
      t.button("secondary", m.training.leave, null, { intent: "leave_training" })),
    view.maintenance && h("p", { key: "maintenance", class: "notice simulated" }, m.maintenance),
    view.coming && h("p", { key: "coming", class: "notice coming" }, m.coming(day(view.coming.from, view.timezone, locale(view.language)), view.coming.nature)),
    !t.driving && h("p", { key: "watching", class: "notice watching" }, m.watching));
}

function privacy({ m, view }: Tools, camera: boolean, microphone: boolean): string {
  if (camera === microphone) return camera ? m.privacy.on : m.privacy.off;
  return `${camera ? m.talk.cameraOn : m.talk.cameraOff}, ${(microphone ? m.talk.microphoneOn : m.talk.microphoneOff).toLocaleLowerCase(view.language)}`;
}

/** What a screen reader hears when the screen changes. */
function title(t: Tools, s: Screen): string {
  const { m } = t;
  switch (s.name) {
    case "home":
      return need.question(t, s);
    case "needs":
      return s.group.name;
    case "partner":
      return s.partner.name;
    case "calling":
      return calling(m, s.step);
    case "call_back":
      return m.callBack.title(s.adviser, s.partner.short);
    case "call":
      return s.state === "connected" ? m.privacy.half : s.state === "connecting" ? m.talk.connecting : m.talk.interrupted;
    case "thanks":
      return m.thanks.title;
    case "failed":
      return need.failure(t, s).title;
    case "closed":
      return m.closed.title;
    case "out_of_service":
      return s.stopped ? m.outOfService.stopped : m.outOfService.title;
    case "restarting":
      return m.restarting.title;
    case "checking":
      return m.checking.title;
    case "occupied":
      return m.occupied;
    case "technician":
      return s.step === "pin" ? m.technician.pin : m.technician.title;
    case "enrolment":
      return s.refusal ? m.enrolment.refusals[s.refusal] : m.enrolment.title;
    default:
      return s satisfies never;
  }
}

function body(t: Tools, s: Screen): Child[] {
  switch (s.name) {
    case "home":
      return need.home(t, s, (p) => tile(t, p));
    case "needs":
      return need.needs(t, s, (p) => status(t, p));
    case "partner":
      return partner(t, s.partner, s.need);
    case "calling": {
      const waited = Math.max(0, Math.floor((t.now.getTime() - Date.parse(s.since)) / 1000));
      return [
        h("div", { class: "ringing", "aria-hidden": "true" }, h("i", null), h("i", null), icon(partnerIcon(s.partner))),
        h("h1", null, s.partner.name),
        s.by_agent && h("p", { key: "agent", class: "lead" }, t.m.calling.byAgent),
        need.chosen(t, s.need),
        s.passed_by && h("p", { key: "passed", class: "lead passed" }, s.returned ? t.m.calling.returned(s.passed_by.short, s.partner.short) : t.m.calling.passedOn(s.passed_by.short, s.partner.short)),
        s.passed_by && s.returned && phone(t.m.failed.phone(s.passed_by.short), s.passed_by.phone),
        h("p", { key: "step", class: "lead" }, calling(t.m, s.step)),
        s.step === "waiting" && s.place > 0 && h("p", { key: "place", class: "place" }, s.place === 1 ? t.m.calling.next : t.m.calling.place(s.place)),
        s.nobody_free && h("p", { key: "nobody", class: "nobody" }, t.m.calling.nobodyFree, " ", t.m.calling.orPhone, " ", h("b", { class: "digits" }, s.partner.phone)),
        h("p", { class: "waited" }, t.m.calling.waited(Math.floor(waited / 60), waited % 60)),
        t.button("secondary large", t.m.cancel, null, { intent: "cancel" }),
      ];
    }
    case "call_back":
      return [
        h("div", { class: "ringing", "aria-hidden": "true" }, h("i", null), h("i", null), icon(icons.phone)),
        h("h1", null, t.m.callBack.title(s.adviser, s.partner.short)),
        h("p", { class: "lead" }, t.m.callBack.text),
        h("div", { class: "actions" },
          t.button("secondary large", t.m.callBack.refuse, null, { intent: "cancel" }, { key: "refuse" }),
          t.button("primary large", t.m.callBack.accept, "video", { intent: "accept" }, { key: "accept" })),
      ];
    case "call":
      return call(t, s);
    case "thanks":
      return [
        s.asks === "" && h("div", { key: "medal", class: "medal", "aria-hidden": "true" }, icon(icons.check)),
        h("h1", null, t.m.thanks.title),
        h("p", { class: "lead" }, s.ended_by === "adviser" ? t.m.thanks.adviser : t.m.thanks.citizen),
        ...opinion(t, s),
        t.button("secondary large", t.m.thanks.home, "home", { intent: "cancel" }),
      ];
    case "failed":
      return [
        h("h1", null, need.failure(t, s).title),
        s.partner.opens_at && h("p", { key: "opens", class: "lead" }, t.m.status.opens(opens(t, s.partner.opens_at))),
        h("p", { class: "lead" }, need.failure(t, s).advice),
        phone(t.m.failed.phone(s.partner.short), s.partner.phone),
        need.near(t),
        h("p", { class: "code" }, `${t.m.failed.code} : `, h("b", null, s.code)),
        h("div", { class: "actions" },
          s.retry && t.button("primary large", t.m.failed.retry, "again", { intent: "call" }, { key: "retry" }),
          t.button("secondary large", t.m.failed.home, "home", { intent: "cancel" }, { key: "home" })),
      ];
    case "closed":
      return [
        h("div", { class: "medal", "aria-hidden": "true" }, icon(icons.lock)),
        h("h1", null, t.m.closed.title),
        s.opens_at && h("p", { key: "opens", class: "lead" }, t.m.closed.opens(opens(t, s.opens_at))),
        need.near(t),
        phones(t.m.closed.phones, s.partners),
      ];
    case "out_of_service":
      return [
        h("h1", null, s.stopped ? t.m.outOfService.stopped : t.m.outOfService.title),
        s.message && h("p", { key: "message", class: "lead", lang: "fr" }, s.message),
        h("p", { class: "lead" }, t.m.outOfService.text),
        phone(t.m.outOfService.phone, s.phone),
        need.near(t),
        phones(t.m.outOfService.phones, s.partners),
        h("p", { class: "code" }, `${t.m.failed.code} : `, h("b", null, s.code)),
      ];
    case "occupied":
      return [h("h1", null, t.m.occupied)];
    case "restarting":
      return [
        h("div", { class: "medal", "aria-hidden": "true" }, icon(icons.again)),
        h("h1", null, t.m.restarting.title),
        h("p", { class: "lead" }, t.m.restarting.text),
      ];
    case "checking":
      return [
        h("div", { class: "medal", "aria-hidden": "true" }, icon(icons.camera)),
        h("h1", null, t.m.checking.title),
        h("p", { class: "lead" }, t.m.checking.text),
        h("p", { class: "lead" }, t.m.checking.touch),
      ];
    case "technician":
      return s.step === "pin" ? technicianPIN(t, s) : technicianChecks(t, s);
    case "enrolment":
      return enrolment(t, s);
    default:
      return s satisfies never;
  }
}

function calling(m: Messages, step: "contacting" | "waiting" | "ringing"): string {
  return { contacting: m.calling.contacting, waiting: m.calling.waiting, ringing: m.calling.ringing }[step];
}

function opens(t: Tools, at: string): string {
  return when(at, t.now, t.view.timezone, locale(t.view.language), t.m);
}

function partnerIcon(p: Partner): string[] {
  return p.icon in icons ? icons[p.icon as IconName] : icons.help;
}

function status(t: Tools, p: Partner): [className: string, text: string] {
  switch (p.status) {
    case "open":
      return p.waiting > 0 ? ["waiting", t.m.status.waiting(p.waiting)] : ["open", t.m.status.open];
    case "no_adviser":
      return ["none", t.m.status.noAdviser];
    case "closed":
      return ["closed", p.opens_at ? t.m.status.opens(opens(t, p.opens_at)) : t.m.status.closed];
    case "unknown":
      return ["unknown", t.m.status.unknown];
  }
}

function tile(t: Tools, p: Partner): Node {
  const [className, text] = status(t, p);
  // The button's name is its text, the short name first; the spaces keep the words apart.
  return h("button", { type: "button", class: `tile ${className}`, disabled: !t.driving, onclick: () => t.send({ intent: "partner", partner: p.id }) },
    h("strong", null, p.short), " ",
    h("span", { class: "name" }, p.name), " ",
    h("span", { class: "about" }, p.about), " ",
    h("span", { class: "status" }, text),
    icon(partnerIcon(p), "icon subject"));
}

function partner(t: Tools, p: Partner, chosen: string): Child[] {
  const [className, text] = status(t, p);
  return [
    h("div", { class: "who" }, icon(partnerIcon(p), "icon subject"),
      h("div", null, h("h1", null, p.name), h("p", { class: "about" }, p.about), h("p", { class: `status ${className}` }, text))),
    need.chosen(t, chosen),
    need.before(t, p),
    p.status !== "unknown" && h("ul", { key: "promise", class: "promise" }, t.m.partner.promise.map((line) => h("li", null, line))),
    p.status === "no_adviser" && h("p", { key: "none", class: "nobody" }, t.m.partner.noAdviser),
    p.status === "unknown" && h("p", { key: "unknown", class: "nobody" }, t.m.partner.unknown),
    (p.status === "unknown" || p.status === "no_adviser") && phone(t.m.failed.phone(p.short), p.phone),
    need.near(t),
    h("div", { class: "actions" },
      t.button("secondary large", t.m.back, "back", { intent: "cancel" }, { key: "back" }),
      t.button("primary large", t.m.call, "video", { intent: "call" }, { key: "call" })),
  ];
}

function call(t: Tools, s: CallScreen): Child[] {
  const m = t.m.talk;
  const overlay = s.state === "connecting" ? m.connecting : s.state === "interrupted" ? m.interrupted : null;
  const signs: string[] = [
    ...(s.company === "there" ? [m.company.there] : []),
    ...(s.adviser_camera ? [] : [m.adviserCameraOff]),
    ...(s.adviser_microphone ? [] : [m.adviserMicrophoneOff]),
    ...s.lost.map((d) => m.lost[d]),
  ];
  const volume = (step: number): Intent => ({ intent: "volume", percent: Math.max(lowestVolume, Math.min(100, s.volume_percent + step)) });
  return [
    h("h1", { class: "announcer" }, m.with(s.adviser, s.partner.name)),
    h("div", { class: `stage${s.paper ? " reading" : ""}${s.adviser_speaks ? " speaking" : ""}` },
      s.paper && h("figure", { key: "paper", class: "paper" },
        h("img", { key: s.paper.id, src: `/paper/${s.paper.id}`, alt: m.paper }),
        h("figcaption", null, s.paper.pages > 1 ? m.paperPage(s.paper.page, s.paper.pages) : m.paper)),
      h("canvas", { id: "adviser", role: "img", "aria-label": m.adviser, width: 16, height: 9, class: s.adviser_camera ? "adviser" : "adviser hidden" }),
      h("div", { class: "caption" }, h("p", null, m.with(s.adviser, s.partner.short)), s.adviser_speaks && speaks(m.adviserSpeaks)),
      h("div", { class: s.citizen_speaks ? "own speaking" : "own" },
        h("canvas", { id: "own", role: "img", "aria-label": m.you, width: 16, height: 9, class: s.camera ? "" : "hidden" }),
        s.citizen_speaks ? speaks(m.youSpeak) : h("p", { key: "you" }, s.camera ? m.you : m.ownCameraOff)),
      (s.text || s.written.length > 0) && written(t, s),
      signs.length > 0 && h("ul", { key: "signs", class: "signs" }, signs.map((text) => h("li", null, text))),
      s.company === "offered" && !overlay && h("div", { key: "company", class: "overlay ask", role: "alertdialog", "aria-labelledby": "company-title", "aria-describedby": "company-text" },
        h("h2", { id: "company-title" }, m.company.title),
        h("p", { id: "company-text" }, m.company.text),
        h("div", { class: "actions" },
          t.button("secondary large", t.m.callBack.refuse, null, { intent: "refuse" }, { key: "refuse" }),
          t.button("primary large", t.m.callBack.accept, null, { intent: "accept" }, { key: "accept" }))),
      s.photo === "wanted" && s.company !== "offered" && !overlay && h("div", { key: "photo", class: "overlay ask", role: "alertdialog", "aria-labelledby": "photo-title", "aria-describedby": "photo-text" },
        h("h2", { id: "photo-title" }, m.photo.title),
        h("p", { id: "photo-text" }, m.photo.text),
        h("div", { class: "actions" },
          t.button("secondary large", t.m.callBack.refuse, null, { intent: "refuse" }, { key: "refuse" }),
          t.button("primary large", t.m.callBack.accept, "camera", { intent: "accept" }, { key: "accept" }))),
      s.photo === "taking" && !overlay && h("p", { key: "taking", class: "overlay", role: "status" }, m.photo.taking),
      overlay && h("p", { key: "overlay", class: "overlay", role: "alert" }, overlay)),
    s.keyboard && t.keyboard.render(t.view.language, t.driving, (text) => t.send({ intent: "type", text }), () => t.send({ intent: "keyboard", on: false })),
    !s.keyboard && h("div", { key: "controls", class: "controls" },
      t.button("toggle", s.microphone ? m.microphoneOn : m.microphoneOff, s.microphone ? "microphone" : "microphoneOff", { intent: "microphone", on: !s.microphone }, { key: "microphone", "aria-pressed": s.microphone ? "true" : "false" }),
      t.button("toggle", s.camera ? m.cameraOn : m.cameraOff, s.camera ? "camera" : "cameraOff", { intent: "camera", on: !s.camera }, { key: "camera", "aria-pressed": s.camera ? "true" : "false" }),
      h("div", { class: "volume", role: "group", "aria-label": m.volume(s.volume_percent) },
        t.button("toggle", m.softer, "quieter", volume(-10), { key: "softer", disabled: !t.driving || s.volume_percent <= lowestVolume }),
        h("output", { "aria-live": "polite" }, m.volume(s.volume_percent)),
        t.button("toggle", m.louder, "louder", volume(10), { key: "louder", disabled: !t.driving || s.volume_percent >= 100 })),
      t.button("danger", m.hangUp, "hangUp", { intent: "hang_up" }, { key: "hang_up" })),
  ];
}

/** Steps are of ten hundredths, which are 3 dB. */
const lowestVolume = 10;

/** The sign of who speaks: in words and with a picture, not by its colour alone. */
function speaks(text: string): Node {
  return h("p", { key: "speaks", class: "speaks" }, icon(icons.louder), h("span", null, text));
}

/** What is written, letter by letter, and what the citizen can answer by a touch, or with the keyboard. */
function written(t: Tools, s: CallScreen): Node {
  const m = t.m.written;
  const words = (line: Line) => (line.phrase === "" ? line.text : m.phrases[line.phrase]);
  // Without the keyboard the newest are enough: there is little room. With it, what is further up is a touch away.
  const { shown, earlier, later } = s.keyboard ? t.keyboard.read(s.written) : { shown: s.written.slice(-3), earlier: null, later: null };
  const last = s.written.findLast((line) => line.from === "adviser" && !line.open);
  const empty = s.written.length === 0 && !s.keyboard && s.phrases.length === 0;
  return h("section", { key: "written", class: empty ? "written empty" : "written", "aria-label": m.title },
    shown.length > 0 && h("div", { key: "lines", class: "lines", role: "log", "aria-live": "off", "aria-label": m.title }, shown.map((line) =>
      h("p", { class: `${line.from}${line.open ? " growing" : ""}`, dir: "auto" },
        h("b", null, `${line.from === "adviser" ? t.m.talk.adviser : t.m.talk.you} :`), " ", words(line)))),
    // Letters are no news for who listens; a line is.
    h("p", { key: "last", class: "announcer", role: "status" }, last && `${t.m.talk.adviser} : ${words(last)}`),
    (earlier || later) && h("div", { key: "again", class: "again" },
      h("button", { key: "earlier", type: "button", class: "button", disabled: !earlier, "aria-label": m.earlier, onclick: () => earlier?.() }, icon(["m6 14 6-6 6 6"])),
      h("button", { key: "later", type: "button", class: "button", disabled: !later, "aria-label": m.later, onclick: () => later?.() }, icon(["m6 10 6 6 6-6"]))),
    !s.keyboard && h("div", { key: "phrases", class: "phrases" },
      s.phrases.map((phrase) => t.button("phrase", m.phrases[phrase], null, { intent: "say", phrase }, { key: phrase })),
      s.text && t.button("phrase", m.write, "write", { intent: "keyboard", on: true }, { key: "write" })));
}

// Crockford's base 32, as the codes are written: no I, L, O and U.
const keys = [..."0123456789ABCDEFGHJKMNPQRSTVWXYZ"];

/** What a technician sees of a booth that has no site yet. */
function enrolment(t: Tools, s: EnrolmentScreen): Child[] {
  const m = t.m.enrolment;
  const refusal = s.refusal && h("p", { key: "refusal", class: "nobody", role: "alert" }, m.refusals[s.refusal]);
  const hub = h("p", { class: "code" }, `${m.hub} : `, h("b", null, s.hub));
  switch (s.step) {
    case "settings":
      return [
        h("h1", null, m.title),
        s.mistakes.length > 0
          ? h("section", { key: "mistakes", class: "mistakes" }, h("h2", null, m.mistakes), h("ul", null, s.mistakes.map((line) => h("li", null, line))))
          : h("p", { key: "how", class: "lead" }, m.settings),
        h("p", { class: "code" }, m.stick),
      ];
    case "code": {
      const typed = s.typed.padEnd(8, "·");
      return [
        h("h1", null, m.code),
        // Its place is kept, so that no key moves under a finger.
        h("div", { class: "refused" }, refusal),
        h("output", { class: "typed", "aria-label": m.typed }, `${typed.slice(0, 4)}-${typed.slice(4)}`),
        h("div", { class: "keypad" },
          keys.map((key) => t.button("key", key, null, { intent: "key", key }, { key })),
          t.button("key wide", m.erase, "back", { intent: "key", key: "erase" }, { key: "erase", disabled: !t.driving || s.typed === "" }),
          t.button("key wide primary", m.enter, null, { intent: "enter" }, { key: "enter", disabled: !t.driving || !s.complete })),
        hub,
      ];
    }
    case "contacting":
      return [
        h("h1", null, m.contacting),
        refusal,
        s.refusal !== "" && h("p", { key: "again", class: "lead" }, m.again),
        hub,
        s.refusal !== "" && t.button("secondary large", m.other, null, { intent: "cancel" }, { key: "other" }),
      ];
    case "done":
      return [
        h("div", { class: "medal", "aria-hidden": "true" }, icon(["m5 12.5 4.5 4.5L19 7.5"])),
        h("h1", null, m.done),
        h("p", { class: "lead" }, m.restarts),
      ];
  }
}

/** The keypad before the technician's page. */
function technicianPIN(t: Tools, s: TechnicianScreen): Child[] {
  const m = t.m.technician;
  const dead = !t.driving || s.locked;
  return [
    h("h1", null, m.pin),
    h("div", { class: "refused" }, (s.locked || s.wrong) && h("p", { key: "refusal", class: "nobody", role: "alert" }, s.locked ? m.locked : m.wrong)),
    h("output", { class: "typed", "aria-label": m.typed(s.typed) }, "●".repeat(s.typed).padEnd(6, "○")),
    h("div", { class: "keypad digits" },
      [..."1234567890"].map((key) => t.button("key", key, null, { intent: "key", key }, { key, disabled: dead || s.typed === 6 })),
      t.button("key", m.leave, null, { intent: "cancel" }, { key: "leave" }),
      t.button("key wide", t.m.enrolment.erase, "back", { intent: "key", key: "erase" }, { key: "erase", disabled: dead || s.typed === 0 }),
      t.button("key wide primary", t.m.enrolment.enter, null, { intent: "enter" }, { key: "enter", disabled: dead || s.typed < 6 })),
  ];
}

/** What the network can carry, and whether that is enough. */
function technicianChecks(t: Tools, s: TechnicianScreen): Child[] {
  const m = t.m.technician;
  const verdict = s.verdict === "" ? null : m.verdicts[s.verdict];
  return [
    h("div", { class: `verdict ${s.verdict || "running"}`, role: "status" },
      h("h1", null, verdict ? verdict[0] : m.running), h("p", null, verdict ? verdict[1] : m.title)),
    h("ul", { class: "checks" }, s.checks.map((c) => h("li", { key: c.name, class: c.state },
      h("b", null, m.names[c.name as CheckName] ?? c.name), " ",
      h("span", { class: "value" }, value(m, c)), " ",
      h("span", { class: "state" }, m.states[c.state] ?? c.state)))),
    h("div", { class: "actions" },
      t.button("secondary", m.leave, "home", { intent: "cancel" }, { key: "leave" }),
      h("p", { class: "code" }, m.version(s.version)),
      s.trains && t.button("secondary", t.m.training.begin, null, { intent: "training" }, { key: "training" }),
      t.button("primary", m.again, "again", { intent: "check" }, { key: "again", disabled: !t.driving || s.running })),
  ];
}

function value(m: Messages["technician"], c: Check): string {
  let measured = c.value;
  if (measured !== "" && (c.name === "down" || c.name === "up")) measured = m.kbps(Number(measured));
  // "eth0 1000 full": that it is full duplex is no news.
  if (c.name === "link") measured = measured.replace(/^(\S+) (\d+) \S+$/, "$1, $2\u00a0Mbit/s");
  return [measured, c.code && (m.codes[c.code] ?? c.code)].filter(Boolean).join(" · ");
}

function phone(label: string, number: string): Node {
  return h("p", { key: "phone", class: "phone" }, icon(icons.phone), h("span", null, label), " ", h("b", { class: "digits" }, number));
}

function phones(label: string, all: Partner[]): Node {
  return h("section", { class: "phones", "aria-label": label },
    h("h2", null, label),
    h("dl", null, all.map((p) => h("div", { key: p.id }, h("dt", null, p.short), " ", h("dd", { class: "digits" }, p.phone)))));
}
