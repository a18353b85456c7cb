// The touchscreen's texts in all languages: none is missing or left in French, numbers take their language's plural, every
// letter has a bundled font, and the pages' styles know no left and right. No browser is needed.

import { expect, test } from "@playwright/test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { root } from "../rig";
import { digits, layout } from "../../touchscreen/layouts";
import { all, direction, locale } from "../../touchscreen/messages";
import { fr, type Messages } from "../../touchscreen/messages/fr";
import { allNeeds, needsMessages } from "../../touchscreen/messages/needs";
import { when } from "../../touchscreen/when";

type Text = string | ((...args: never[]) => string);
const others = Object.keys(all).filter((l) => l !== "fr");

/** The texts by their paths: "status.open". */
function texts(of: unknown, path = ""): [path: string, text: Text][] {
  if (typeof of === "string" || typeof of === "function") return [[path, of as Text]];
  return Object.entries(of as object).flatMap(([key, value]) => texts(value, path ? `${path}.${key}` : key));
}

/** What only technicians read is in French for all but the English. */
const technicians = (path: string) => /^(enrolment|technician)\./.test(path);

/** A text with its places filled in; what was filled in can be found in it. */
function fill(path: string, text: Text): string {
  if (typeof text === "string") return text;
  if (path === "simulated") return (text as Messages["simulated"])(["camera", "microphone"]);
  if (/^(stillThere\.text|status\.waiting|calling\.(place|waited)|talk\.(volume|paperPage)|hour|technician\.(typed|kbps))$/.test(path)) return (text as (...n: number[]) => string)(37, 42);
  return (text as (...s: string[]) => string)("‹one›", "‹two›");
}

test("the configuration offers the languages that there are texts in", () => {
  const schema = JSON.parse(readFileSync(join(root, "config/schema/site.schema.json"), "utf8")) as { properties: { languages: { items: { enum: string[] } } } };
  expect(schema.properties.languages.items.enum).toEqual(Object.keys(all));
});

test("no language is without its own name", () => {
  const names = Object.values(all).map((m) => m.name);
  expect(new Set(names).size).toBe(names.length);
});

for (const language of others) {
  const m = all[language]!;
  test(`${language}: every text is there, filled in, and in the language`, () => {
    const french = new Map(texts(fr));
    // These read the same in both languages.
    const same: Record<string, RegExp> = {
      "fr-simple": /./,
      en: /^(technician\.(version|kbps|names\.)|talk\.with)/,
      pt: /^opinion\.good$/,
    };
    const spoken = texts(m);
    expect(spoken.map(([path]) => path).sort()).toEqual([...french.keys()].sort());
    const wrong: string[] = [];
    for (const [path, text] of spoken) {
      const own = fill(path, text);
      const theirs = fill(path, french.get(path)!);
      if (own === "" || own.trim() !== own) wrong.push(`${path} is empty, or has white space around it`);
      if (/undefined|null|NaN|TODO|\[object|#/.test(own)) wrong.push(`${path} has something undone in it: ${own}`);
      for (const filled of ["‹one›", "‹two›", "37", "42"]) if (own.includes(filled) !== theirs.includes(filled)) wrong.push(`${path} and the French do not both say ${filled}: ${own}`);
      const spelt = /\p{L}/u.test(own.replaceAll(/‹\w+›/g, ""));
      if (technicians(path) && language !== "en" ? own !== theirs : spelt && own === theirs && !same[language]?.test(path)) wrong.push(`${path} is ${own === theirs ? "left" : "not"} in French: ${own}`);
    }
    expect(wrong).toEqual([]);
  });
}

for (const language of others) {
  test(`${language}: needs, help and advice are there, filled in, and in the language`, () => {
    const french = new Map(texts(allNeeds.fr));
    const given = texts(needsMessages(language));
    expect(given.map(([path]) => path).sort()).toEqual([...french.keys()].sort());
    const filled = (path: string, text: Text) => typeof text === "string" ? text : /^(before|near\.far)$/.test(path) ? (text as (n: number) => string)(37) : (text as (...s: string[]) => string)("‹one›", "‹two›");
    const wrong: string[] = [];
    for (const [path, text] of given) {
      const own = filled(path, text);
      const theirs = filled(path, french.get(path)!);
      if (own === "" || own.trim() !== own) wrong.push(`${path} is empty, or has white space around it`);
      if (/undefined|null|NaN|TODO|\[object|#/.test(own)) wrong.push(`${path} has something undone in it: ${own}`);
      for (const place of ["‹one›", "‹two›", "37"]) if (own.includes(place) !== theirs.includes(place)) wrong.push(`${path} and the French do not both say ${place}: ${own}`);
      if (language !== "fr-simple" && own === theirs) wrong.push(`${path} is left in French: ${own}`);
    }
    expect(wrong).toEqual([]);
  });
}

test("numbers take the plural of their language", () => {
  for (const [language, m] of Object.entries(all)) {
    const rules = new Intl.PluralRules(language);
    const counted: [string, (n: number) => string][] = [["status.waiting", m.status.waiting], ["before", needsMessages(language).before]];
    if (["fr-simple", "ar", "uk", "ro"].includes(language)) counted.push(["stillThere.text", m.stillThere.text]);
    for (const [path, text] of counted) {
      const forms = new Map<string, Set<string>>();
      for (let n = 1; n <= 200; n++) {
        const form = text(n).replace(new RegExp(`(?<!\\d)${n}(?!\\d)`), "#");
        forms.set(rules.select(n), (forms.get(rules.select(n)) ?? new Set()).add(form));
      }
      for (const [category, of] of forms) expect([...of], `${language} ${path}: ${category}`).toHaveLength(1);
      const apart = new Set([...forms.values()].flatMap((of) => [...of]));
      // A Turkish noun stays as it is after a number. Some Arabic nouns differ after 11 and after 100 by a vowel that is not written.
      const least = language === "tr" ? 1 : language === "ar" ? forms.size - 1 : forms.size;
      expect(apart.size, `${language} ${path}: ${[...apart].join(" | ")}`).toBeGreaterThanOrEqual(least);
    }
  }
});

test("examples that a reader of the language would check", () => {
  expect(all["ar"]!.status.waiting(2)).toBe("شخصان ينتظران");
  expect(all["ar"]!.status.waiting(11)).toBe("11 شخصا ينتظرون");
  expect(all["uk"]!.status.waiting(3)).toBe("Чекають 3 людини");
  expect(all["uk"]!.status.waiting(21)).toBe("Чекає 21 людина");
  expect(all["ro"]!.status.waiting(20)).toBe("20 de persoane așteaptă");
  expect(all["tr"]!.talk.volume(70)).toBe("Ses: yüksek, 7/10");
  const now = new Date("2026-11-24T10:00:00Z");
  const opening = (language: string, at: string) => when(at, now, "Europe/Paris", locale(language), all[language]!);
  expect(opening("fr", "2026-11-26T08:00:00Z")).toBe("jeudi à 9\u00a0h");
  expect(opening("fr-simple", "2026-11-25T08:30:00Z")).toBe("demain à 9 heures 30");
  expect(opening("es", "2026-11-24T12:30:00Z")).toBe("hoy a las 13:30");
  expect(opening("uk", "2026-11-26T08:00:00Z")).toBe("четвер о 9:00");
  expect(opening("ar", "2026-12-03T08:00:00Z")).toBe("يوم الخميس، 3 ديسمبر على الساعة \u20689:00\u2069");
});

test("easy French keeps to its rules", () => {
  const wrong: string[] = [];
  const said = texts(all["fr-simple"]).filter(([path]) => !technicians(path) && path !== "maintenance").map(([path, text]) => [path, fill(path, text)] as const);
  const needs = texts(allNeeds["fr-simple"]).map(([path, text]) => [path, typeof text === "string" ? text : (text as (...of: unknown[]) => string)(37, "‹two›")] as const);
  for (const [path, text] of [...said, ...needs]) {
    for (const sentence of text.split(/[.!?:]\s+/)) if (sentence.split(/\s+/).length > 14) wrong.push(`${path} is long: ${sentence}`);
    if (/\d\s*(s|min|h)(?!\p{L})|(?<!\p{L})[A-Z]{2,}(?!\p{L})/u.test(text)) wrong.push(`${path} has an abbreviation: ${text}`);
    if (/(?<!\p{L})(tu|te|ton|ta|tes|toi)(?!\p{L})/iu.test(text)) wrong.push(`${path} says tu: ${text}`);
  }
  expect(wrong).toEqual([]);
});

test("languages are written the way they run", () => {
  for (const [language, m] of Object.entries(all)) {
    const letters = m.attract.purpose.match(/\p{L}/gu)!;
    const rightToLeft = letters.filter((c) => /\p{Script=Arabic}|\p{Script=Hebrew}/u.test(c)).length > letters.length / 2;
    expect(direction(language), language).toBe(rightToLeft ? "rtl" : "ltr");
  }
  // Romanian has commas below, not cedillas.
  expect(readFileSync(join(root, "ui/touchscreen/messages/ro.ts"), "utf8")).not.toMatch(/[şţŞŢ]/);
});

// The keyboard.

for (const language of Object.keys(all)) {
  test(`${language}: every letter of the language has a key, which fits the smallest panel`, () => {
    const { letters, more, capitals } = layout(language);
    const wrong: string[] = [];
    for (const rows of [letters, more?.rows ?? ["", "", ""], digits]) {
      // Ten keys of 15 mm are seven inches; erase is two of them, shift one, where there are capitals.
      const room = [10, 10, rows === digits || !capitals ? 8 : 7];
      rows.forEach((row, i) => {
        if ([...row].length > room[i]!) wrong.push(`${row} has more than ${room[i]} keys`);
      });
    }
    const keys = [...letters, ...(more?.rows ?? [])].flatMap((row) => [...row]);
    for (const [i, key] of keys.entries()) if (keys.indexOf(key) !== i) wrong.push(`${key} is there twice`);
    const written = [...texts(all[language]), ...texts(needsMessages(language))]
      .filter(([path]) => !technicians(path))
      .map(([path, text]) => typeof text === "string" ? text : path.startsWith("before") || path.startsWith("near") ? "" : fill(path, text))
      .join(" ").replaceAll(/‹\w+›|\b(CAF|CPAM|CARSAT|ADIL-EIE|CDAD)\b/g, "");
    const typed = new Set(keys.flatMap((key) => capitals ? [key, key.toLocaleUpperCase(language)] : [key]));
    const missing = new Set([...written.normalize("NFC")].filter((c) => /\p{L}/u.test(c) && !typed.has(c)));
    expect([...wrong, ...missing].join(" ")).toBe("");
    expect(written.length, "there is something written").toBeGreaterThan(1000);
  });
}

test("a key's letter comes back as one capital, or none", () => {
  for (const language of Object.keys(all)) {
    const { letters, more, capitals } = layout(language);
    if (!capitals) continue;
    for (const key of [...letters, ...(more?.rows ?? [])].join("")) {
      if (key !== "ß") expect([...key.toLocaleUpperCase(language)], `${language} ${key}`).toHaveLength(1);
    }
  }
});

// The fonts.

interface Face {
  family: string;
  weight: string;
  file: string;
  ranges: [number, number][];
}

/** The @font-face rules of the pages. */
function faces(): Face[] {
  const css = ["base.css", "fonts.css"].map((f) => readFileSync(join(root, "ui/common", f), "utf8")).join("\n");
  return [...css.matchAll(/@font-face\s*\{([^}]*)\}/g)].map(([, rule]) => ({
    family: /font-family:\s*"([^"]+)"/.exec(rule!)![1]!,
    weight: /font-weight:\s*(\d+)/.exec(rule!)![1]!,
    file: /url\("([^"]+)"\)/.exec(rule!)![1]!,
    ranges: (/unicode-range:\s*([^;]+);/.exec(rule!)?.[1] ?? "U+0-10FFFF").split(",").map((r) => {
      const [from, to] = r.trim().slice(2).split("-");
      return [parseInt(from!, 16), parseInt(to ?? from!, 16)];
    }),
  }));
}

/** The characters of a WOFF2 font, from its cmap (format 4 or 12); W3C WOFF 2.0, 4 and 5, and OpenType's cmap. */
function characters(file: string): Set<number> {
  const b = readFileSync(file);
  expect(b.toString("latin1", 0, 4), file).toBe("wOF2");
  const known = ["cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "cvt ", "fpgm", "glyf", "loca"];
  let at = 48;
  const base128 = () => {
    let n = 0;
    for (;;) {
      const byte = b[at++]!;
      n = n * 128 + (byte & 0x7f);
      if (byte < 0x80) return n;
    }
  };
  let offset = 0;
  let cmap: [number, number] | undefined;
  for (let i = b.readUInt16BE(12); i > 0; i--) {
    const flags = b[at++]!;
    const tag = (flags & 0x3f) === 0x3f ? b.toString("latin1", at, (at += 4)) : known[flags & 0x3f] ?? "";
    let length = base128();
    const version = flags >> 6;
    if (tag === "glyf" || tag === "loca" ? version !== 3 : version !== 0) length = base128();
    if (tag === "cmap") cmap = [offset, length];
    offset += length;
  }
  const tables = brotliDecompressSync(b.subarray(at, at + b.readUInt32BE(20)));
  const t = tables.subarray(cmap![0], cmap![0] + cmap![1]);
  const found = new Set<number>();
  for (let i = t.readUInt16BE(2); i > 0; i--) {
    const s = t.subarray(t.readUInt32BE(4 + 8 * (i - 1) + 4));
    if (s.readUInt16BE(0) === 12) {
      for (let g = 0; g < s.readUInt32BE(12); g++) {
        for (let c = s.readUInt32BE(16 + 12 * g); c <= s.readUInt32BE(20 + 12 * g); c++) found.add(c);
      }
    } else if (s.readUInt16BE(0) === 4) {
      const segments = s.readUInt16BE(6) / 2;
      for (let g = 0; g < segments; g++) {
        const end = s.readUInt16BE(14 + 2 * g);
        const start = s.readUInt16BE(16 + 2 * (segments + g));
        const delta = s.readUInt16BE(16 + 2 * (2 * segments + g));
        const rangeAt = 16 + 2 * (3 * segments + g);
        const range = s.readUInt16BE(rangeAt);
        for (let c = start; c <= end && c < 0xffff; c++) {
          const glyph = range === 0 ? (c + delta) & 0xffff : s.readUInt16BE(rangeAt + range + 2 * (c - start));
          if (glyph !== 0) found.add(c);
        }
      }
    }
  }
  return found;
}

test("every letter of every text has a bundled font, in both weights", () => {
  const stack = /font-family:\s*([^;]+);/.exec(readFileSync(join(root, "ui/common/base.css"), "utf8").split(":root")[1]!)![1]!;
  const fonts = faces().map((f) => ({ ...f, has: characters(join(root, "ui/common", f.file)) }));
  for (const f of fonts) expect(stack, `${f.family} is among the page's fonts`).toContain(f.family);
  const files = [
    ...readdirSync(join(root, "ui/touchscreen/messages")).map((f) => join(root, "ui/touchscreen/messages", f)),
    join(root, "ui/touchscreen/layouts.ts"),
    ...readdirSync(join(root, "config/loiret")).filter((f) => f.endsWith(".yaml")).map((f) => join(root, "config/loiret", f)),
  ];
  // Nothing is drawn for what joins, isolates or breaks.
  const invisible = /[\s\u200b-\u200f\u2060\u2066-\u2069]/;
  for (const weight of ["400", "700"]) {
    const missing = new Set<string>();
    for (const file of files) {
      for (const c of new Set(readFileSync(file, "utf8"))) {
        const code = c.codePointAt(0)!;
        const drawn = fonts.some((f) => f.weight === weight && f.has.has(code) && f.ranges.some(([from, to]) => code >= from && code <= to));
        if (!drawn && !invisible.test(c)) missing.add(`${c} U+${code.toString(16)} of ${file.slice(root.length)}`);
      }
    }
    expect([...missing], `weight ${weight}`).toEqual([]);
  }
});

test("the touchscreen's styles know beginnings and ends, no left and right", () => {
  const folder = join(root, "ui/touchscreen");
  const wrong: string[] = [];
  for (const file of readdirSync(folder).filter((f) => f.endsWith(".css"))) {
    readFileSync(join(folder, file), "utf8").replace(/\/\*.*?\*\//g, "").split("\n").forEach((line, i) => {
      // Drawings are no layout: a tick's two strokes are the same in every language.
      const found = line.replace("border-left: 3px solid var(--good)", "").match(/(?<![\w-])(left|right)\s*:|(padding|margin|border)-(left|right)|text-align:\s*(left|right)|float:/);
      if (found) wrong.push(`${file}:${i + 1}: ${found[0]}`);
    });
  }
  expect(wrong).toEqual([]);
});
