import type { Messages } from "./messages";

/** Says when something opens, in the words of the counter: "demain à 9 h", "lundi à 14 h 30". */
export function when(iso: string, now: Date, timezone: string, language: string, m: Messages): string {
  const t = new Date(iso);
  const parts = (d: Date) =>
    Object.fromEntries(
      new Intl.DateTimeFormat("en-GB", { timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
        .formatToParts(d)
        .map((p) => [p.type, p.value]),
    );
  const there = parts(t);
  const here = parts(now);
  const day = (p: Record<string, string>) => Date.UTC(Number(p["year"]), Number(p["month"]) - 1, Number(p["day"])) / 86_400_000;
  const time = m.hour(Number(there["hour"]), Number(there["minute"]));
  const ahead = day(there) - day(here);
  if (ahead === 0) return m.today(time);
  if (ahead === 1) return m.tomorrow(time);
  const date = new Intl.DateTimeFormat(
    language,
    ahead < 7 ? { timeZone: timezone, weekday: "long" } : { timeZone: timezone, weekday: "long", day: "numeric", month: "long" },
  ).format(t);
  return m.onDay(date, time);
}

/** A day, written out: "jeudi 3 décembre". */
export function day(iso: string, timezone: string, language: string): string {
  return new Intl.DateTimeFormat(language, { timeZone: timezone, weekday: "long", day: "numeric", month: "long" }).format(new Date(iso));
}
