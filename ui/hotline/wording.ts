// What a booth said, in words.

import { h, type Child } from "../common/dom";
import { m } from "./messages";
import type { Booth, DeviceCheck, LastCall, Sound, TestCall } from "./view";

export const time = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", dateStyle: "short" });
const clock = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", timeStyle: "medium" });

/** A moment, without the date if it is of today. */
export function when(at: string): string {
  const moment = new Date(at);
  return day.format(moment) === day.format(new Date()) ? clock.format(moment) : time.format(moment);
}

const dayAndMonth = new Intl.DateTimeFormat("fr-FR", { timeZone: "UTC", day: "2-digit", month: "2-digit" });
const percent = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 });

/** The last check of a booth's devices, in words. */
export function check(c: DeviceCheck): string {
  const at = c.at ? time.format(new Date(c.at)) : "";
  if (c.state === "running") return m.check.running;
  if (c.state === "interrupted") return m.check.interrupted(at);
  const wrong = (c.findings ?? []).filter((f) => f.result !== "ok");
  if (wrong.length === 0) return m.check.allRight(at);
  return m.check.found(wrong.map((f) => `${m.devices[f.device] ?? f.device} : ${m.check.results[f.result] ?? f.result}`).join(" ; "), at);
}

export function testCall(c: TestCall): string {
  const at = c.at ? time.format(new Date(c.at)) : "";
  if (c.state === "running") return m.testCall.running;
  if (c.state === "interrupted") return m.testCall.interrupted(at);
  return m.testCall.at(m.testCall.verdicts[c.verdict ?? ""] ?? c.verdict ?? "", at);
}

/** How the sound of a call fares, in words; what is to be seen to comes with the echo, and so last. */
export function sound(s: Sound): string {
  const words = m.call;
  const echo = s.echo ? (words.echo[s.echo]?.(s.echo_reduced_db ?? 0) ?? s.echo) : "";
  const madeUp = words.madeUp(percent.format(s.made_up_per_mille / 10));
  return words.sound((echoTrouble(s) ? [madeUp, echo] : [echo, madeUp]).filter(Boolean).join(", "));
}

const echoTrouble = (s: Sound): boolean => s.echo === "poor" || s.echo === "not_converged";

export function soundLine(key: string, s: Sound, words: string): Child {
  return h("span", { key, class: echoTrouble(s) ? "sound trouble" : "sound" }, words);
}

/** How the last call went, in words. */
export function outcome(c: LastCall): string {
  const words = m.call;
  const what = [
    ...(c.failed ? [words.failed[c.failed] ?? c.failed] : []),
    ...(c.causes ?? []).map((cause) => words.causes[cause] ?? cause),
  ];
  // "2026-11-24-am" is the booth's own day, whatever zone this page is in.
  const when = words.halfDay(dayAndMonth.format(new Date(`${c.half_day.slice(0, 10)}T00:00:00Z`)), c.half_day.endsWith("pm"));
  return words.outcome(when, what.join(", ") || words.good);
}

export const trip = (of: { round_trip_ms: number | null }): string => (of.round_trip_ms === null ? m.dash : m.milliseconds(of.round_trip_ms));

export const updateOf = (b: Booth): string[] => (b.update ? [m.update(b.update)] : []);
