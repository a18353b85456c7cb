// One booth: what it says of itself, how it has been, and what it may be asked to do.

import { h, type Child, type Node } from "../common/dom";
import { fr } from "../touchscreen/messages/fr";
import { markOf } from "./map";
import { m, words } from "./messages";
import type { Action, Booth, Collection, Entry } from "./view";
import { check, outcome, sound, soundLine, testCall, time, trip, updateOf } from "./wording";

/** The page of a booth. */
export interface Detail {
  id: string;
  /** undefined while they are read. */
  history: Entry[] | undefined;
  log: Collection | undefined;
  /** What came of the last action. */
  told: { good: boolean; text: string } | undefined;
}

export function detail(d: Detail, b: Booth | undefined, ask: (a: Action) => void): Node {
  return h("main", { key: "detail", class: "detail" },
    h("p", { key: "back" }, h("a", { href: "#" }, `← ${m.back}`)),
    !b && h("p", { key: "gone" }, m.gone),
    b && h("div", { key: "cards", class: "cards" },
      card("now", m.sections.now, [
        [m.fields.state, h("span", { class: `state ${markOf(b)}` }, m.state[markOf(b)])],
        [m.fields.troubles, b.troubles.length > 0 && b.troubles.map(words).join(" ; ")],
        [m.fields.stop, b.out_of_service && m.stopped(time.format(new Date(b.out_of_service.since)), b.out_of_service.by, b.out_of_service.message)],
        [m.fields.pending, b.pending !== "" && m.pending[b.pending]],
        [m.fields.seen, b.seen_at && time.format(new Date(b.seen_at))],
        [m.fields.phase, b.state === "up" && (m.phases[b.phase] ?? b.phase)],
        [m.fields.version, b.version],
        [m.fields.ring, b.ring && (m.rings[b.ring] ?? b.ring)],
        [m.fields.update, updateOf(b).join("")],
        [m.fields.configuration, b.known && [
          h("span", { key: "state" }, `${m.configuration(b.configuration, (at) => time.format(new Date(at)))}. `),
          h("a", { key: "edit", href: `/sites?${new URLSearchParams({ site: b.id })}` }, m.configure)]],
      ]),
      b.state !== "never" && card("machine", m.sections.machine, machine(b), true),
      b.state !== "never" && card("devices", m.sections.devices, [
        ...(["camera", "microphone", "speaker"] as const).map((name): Line => [m.fields[name], device(b, name)]),
        ...sensors(b),
        [m.fields.encoder, b.encoder && `${b.encoder}. ${m.encoderReasons[b.encoder_reason] ?? b.encoder_reason}`],
        [m.fields.check, b.device_check && check(b.device_check)],
      ]),
      b.state !== "never" && card("calls", m.sections.calls, [
        [m.fields.lastCall, b.last_call && [h("span", { key: "outcome" }, outcome(b.last_call)), b.last_call.sound && soundLine("sound", b.last_call.sound, sound(b.last_call.sound))]],
        [m.fields.testCall, b.test_call && [testCall(b.test_call), steps(b)]],
      ])),
    b && actions(d, b, ask),
    b && b.state !== "never" && history(d),
    b && b.state !== "never" && log(d, b));
}

type Line = [field: string, value: Child | Child[]];

/** A list of fields; one without a value is left out, or said to be unknown. */
function card(key: string, title: string, lines: Line[], all = false): Node {
  return h("section", { key, class: "card", "aria-labelledby": `title-${key}` },
    h("h2", { id: `title-${key}` }, title),
    h("dl", null, lines.flatMap(([field, value]) => {
      const there = Array.isArray(value) ? value.some(Boolean) : value || value === 0;
      if (!there && !all) return [];
      return [h("div", { key: field }, h("dt", null, field), h("dd", null, there ? value : h("i", null, m.unknownValue)))];
    })));
}

function machine(b: Booth): Line[] {
  const health = b.health ?? {};
  return [
    [m.fields.temperature, health.temperature_c !== undefined && m.celsius(health.temperature_c)],
    [m.fields.power, health.power && (m.power[health.power] ?? health.power)],
    [m.fields.disk, health.disk_free_mb !== undefined && m.disk(health.disk_free_mb, health.disk_mb)],
    [m.fields.clock, b.clock_offset_s !== null && m.clock(b.clock_offset_s)],
    [m.fields.trip, b.round_trip_ms !== null && trip(b)],
    [m.fields.screen, health.screen && (m.screen[health.screen] ?? health.screen)],
  ];
}

function device(b: Booth, name: string): string {
  if (b.warnings.includes(`${name}_missing`)) return m.device.missing;
  return b.simulated.includes(name) ? m.device.simulated : m.device.ok;
}

/** The presence sensors, each with what is wrong with it. */
function sensors(b: Booth): Line[] {
  if (b.sensors.length === 0) return [[m.fields.sensors, m.noSensors]];
  return b.sensors.map((name) => {
    const faults = b.warnings.filter((w) => w.startsWith(`presence_${name}_`)).map((w) => m.warnings[w] ?? w);
    return [m.sensors[name] ?? name, faults.join(". ") || (b.simulated.includes("presence") ? m.device.simulated : m.device.ok)];
  });
}

/** What a test call tried: the same things as a technician's check of the network, in the same words. */
function steps(b: Booth): Child {
  const all = b.test_call?.steps ?? [];
  const t = fr.technician;
  const value = (s: { name: string; value?: string; code?: string }) => {
    const measured = s.value && (s.name === "down" || s.name === "up") ? t.kbps(Number(s.value)) : s.value;
    return [measured, s.code && (t.codes[s.code] ?? s.code)].filter(Boolean).join(" · ");
  };
  return all.length > 0 && h("ul", { key: "steps", class: "steps" }, all.map((s) =>
    h("li", { key: s.name, class: s.state }, `${(t.names as Record<string, string>)[s.name] ?? s.name} : ${[t.states[s.state] ?? s.state, value(s)].filter(Boolean).join(" – ")}`)));
}

function actions(d: Detail, b: Booth, ask: (a: Action) => void): Node {
  const there = b.state === "up", free = there && b.phase === "none";
  const button = (a: Action, possible: boolean) =>
    h("button", { key: a, type: "button", class: "button", disabled: !possible, onclick: () => ask(a) }, m.actions[a].button);
  return h("section", { key: "actions", class: "card", "aria-labelledby": "title-actions" },
    h("h2", { id: "title-actions" }, m.sections.actions),
    h("div", { class: "buttons" },
      button("selftest", free && b.device_check?.state !== "running"),
      button("test-call", free && b.test_call?.state !== "running"),
      button(b.out_of_service ? "in-service" : "out-of-service", true),
      button("logs", there),
      button("restart", there),
      button("reboot", there)),
    h("p", { key: "told", class: d.told ? (d.told.good ? "told good" : "told") : "told none", role: "status" }, d.told?.text ?? ""));
}

function history(d: Detail): Node {
  return h("section", { key: "history", class: "card", "aria-labelledby": "title-history" },
    h("h2", { id: "title-history" }, m.sections.history),
    !d.history && h("p", { key: "loading" }, m.history.loading),
    d.history?.length === 0 && h("p", { key: "none" }, m.history.none),
    d.history && d.history.length > 0 && h("div", { key: "table", class: "table past", role: "group", "aria-labelledby": "title-history", tabindex: 0 },
      h("table", null,
        h("thead", null, h("tr", null, m.history.columns.map((c) => h("th", { scope: "col" }, c)))),
        h("tbody", null, d.history.map(record)))));
}

function record(e: Entry): Node {
  const mark = e.state === "up" && e.troubles.length > 0 ? "unwell" : e.state;
  return h("tr", { key: `${e.at} ${e.state}` },
    h("th", { scope: "row", class: "digits" }, time.format(new Date(e.at))),
    h("td", null, h("span", { class: `state ${mark}` }, m.state[mark])),
    h("td", null, e.version || m.dash),
    h("td", { class: "digits" }, e.health?.temperature_c === undefined ? m.dash : m.celsius(e.health.temperature_c)),
    h("td", { class: "digits" }, e.health?.disk_free_mb === undefined ? m.dash : m.disk(e.health.disk_free_mb, undefined)),
    h("td", { class: "digits" }, e.clock_offset_s === null ? m.dash : m.clock(e.clock_offset_s)),
    h("td", { class: "digits" }, trip(e)),
    h("td", null, e.troubles.map(words).join(" ; ") || m.dash));
}

function log(d: Detail, b: Booth): Node {
  const l = d.log;
  const at = l?.asked_at ? time.format(new Date(l.asked_at)) : "";
  return h("section", { key: "log", class: "card", "aria-labelledby": "title-log" },
    h("h2", { id: "title-log" }, m.sections.log),
    h("p", { key: "state", role: "status" }, !l?.asked_at ? m.log.none : l.complete ? m.log.done(l.lines.length, at, l.by) : m.log.waiting(at)),
    l && l.lines.length > 0 && h("pre", { key: "lines", tabindex: 0, role: "region", "aria-label": m.log.label }, l.lines.join("\n")),
    l?.complete && h("button", { key: "save", type: "button", class: "button", onclick: () => save(`journal-${b.id}.txt`, l.lines.join("\n") + "\n") }, m.log.save));
}

function save(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
