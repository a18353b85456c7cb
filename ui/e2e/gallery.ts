// Every screen of the touchscreen on every panel, out of the gallery, and what
// is measured on each: in millimetres, where a person's finger and eye matter.

import type { Page } from "@playwright/test";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The panels on which every screen is looked at. */
export const panels = [
  { name: "800x480", width: 800, height: 480, widthMM: 154, heightMM: 86 }, // 7 inches
  { name: "1280x800", width: 1280, height: 800, widthMM: 217, heightMM: 136 }, // 10.1 inches
  { name: "1080x1920", width: 1080, height: 1920, widthMM: 268, heightMM: 476 }, // 21.5 inches, upright
] as const;

export type PanelSize = (typeof panels)[number] | { name: string; width: number; height: number; widthMM: number; heightMM: number };

/** Opens the gallery on a panel, without any server. Nothing moves, so that every look is at the same thing. */
export async function openGallery(page: Page, panel: PanelSize, options: { index?: number; low?: boolean; double?: number; still?: boolean; language?: string } = {}): Promise<number> {
  await page.setViewportSize({ width: panel.width, height: panel.height });
  await page.emulateMedia({ reducedMotion: options.still === false ? "no-preference" : "reduce" });
  await page.route("http://gallery/**", (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path.startsWith("/paper/")) return route.fulfill({ contentType: "image/svg+xml", body: paper });
    const file = join(__dirname, "../dist/gallery", path === "/" ? "index.html" : path);
    return existsSync(file) ? route.fulfill({ path: file }) : route.fulfill({ status: 404 });
  });
  const query = new URLSearchParams({ index: String(options.index ?? 0), panel: `${panel.widthMM}x${panel.heightMM}`, lit: "1" });
  if (options.low !== undefined) query.set("low", options.low ? "1" : "0");
  if (options.double !== undefined) query.set("double", String(options.double));
  if (options.language !== undefined) query.set("language", options.language);
  await page.goto(`http://gallery/?${query}`);
  await fonts(page);
  return Number(await page.locator("html").getAttribute("data-views"));
}

/** A page that an adviser shows. */
const paper = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="850" viewBox="0 0 600 850"><rect width="600" height="850" fill="#fff"/>${[...Array(18).keys()].map((n) => `<rect x="70" y="${90 + 38 * n}" width="${n % 5 === 4 ? 240 : 460}" height="14" fill="#9aa3a6"/>`).join("")}</svg>`;

/** Waits for the letters: everything is measured in them. */
export const fonts = (page: Page) => page.evaluate(async () => {
  await Promise.all([...document.fonts].map((f) => f.load()));
  await document.fonts.ready;
  await Promise.all([...document.images].map((i) => i.decode().catch(() => undefined)));
});

/** Shows another view, as a push does. */
export const show = (page: Page, index: number) => page.evaluate((n) => window.show(n), index);

/** Shows the first view in which a selector finds something, and says which it is. */
export async function showFirst(page: Page, selector: string): Promise<number> {
  const index = await page.evaluate((selector) => {
    const views = Number(document.documentElement.dataset["views"]);
    for (let n = 0; n < views; n++) {
      window.show(n);
      if (document.querySelector(selector)) return n;
    }
    return -1;
  }, selector);
  if (index < 0) throw new Error(`no view has ${selector}`);
  return index;
}

declare global {
  interface Window {
    show: (index: number) => void;
    sent: { intent: string }[];
  }
}

/** What is wrong with the screen that is shown, a line each. */
export function mistakes(page: Page, panel: PanelSize): Promise<string[]> {
  return page.evaluate(measure, { widthMM: panel.widthMM, heightMM: panel.heightMM, small: panel.heightMM < 100 });
}

// This runs in the page. Its limits are the issue's, and docs/accessibility.md's.
function measure(panel: { widthMM: number; heightMM: number; small: boolean }): string[] {
  const found: string[] = [];
  const across = innerWidth / panel.widthMM;
  const down = innerHeight / panel.heightMM;
  const round = (n: number) => Math.round(n * 10) / 10;
  const name = (e: Element) => `<${e.localName} class="${e.getAttribute("class") ?? ""}"> ${(e.textContent ?? "").trim().slice(0, 40)}`;
  const screen = document.documentElement.dataset["screen"]!;
  // What only a technician sees; EN 301 549, C.1, leaves out products in a state of maintenance.
  const maintenance = screen === "technician" || screen === "enrolment";

  const all = [...document.querySelectorAll<HTMLElement>("#root *")].filter((e) => !(e instanceof SVGElement));
  const top = document.querySelector(".still-there") ?? document.querySelector(".overlay.ask");
  // In the spoken mode the page above the four zones rolls on as it is heard: what counts is the zones, and what is around.
  const rolling = (e: Element) => document.querySelector(".zones") !== null && e.closest("main") !== null;
  /** What is for the ears alone. */
  const unseen = (e: Element) => e.closest(".announcer") !== null || getComputedStyle(e).clipPath === "inset(50%)";
  /** The question that lies over the rest is what counts then. */
  const covered = (e: Element) => top !== null && top.matches(".still-there") && !top.contains(e);
  const visible = all.filter((e) => e.checkVisibility({ visibilityProperty: true }) && !unseen(e) && !covered(e) && !rolling(e));
  const texts = visible.filter((e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent!.trim() !== ""));

  // Targets, 15 mm both ways, none on another, all on the panel.
  const controls = visible.filter((e) => e.matches("button, a[href], input, select, textarea, [role=button], [role=switch]"));
  const boxes = controls.map((e) => e.getBoundingClientRect());
  controls.forEach((e, i) => {
    const b = boxes[i]!;
    if (b.width / across < 15 || b.height / down < 15) found.push(`a target of ${round(b.width / across)} x ${round(b.height / down)} mm: ${name(e)}`);
    if (b.left < -1 || b.top < -1 || b.right > innerWidth + 1 || b.bottom > innerHeight + 1) found.push(`a target beyond the panel: ${name(e)}`);
    for (let j = 0; j < i; j++) {
      const o = boxes[j]!;
      const over = Math.min(b.right, o.right) - Math.max(b.left, o.left) > 1 && Math.min(b.bottom, o.bottom) - Math.max(b.top, o.top) > 1;
      if (over && !(top && (top.contains(e) !== top.contains(controls[j]!)))) found.push(`two targets on each other: ${name(e)} and ${name(controls[j]!)}`);
    }
  });

  // Reach: a high panel's controls are in its lower 40 % while they are low; any other is lower than the reach is wide.
  const root = document.documentElement;
  if (root.hasAttribute("data-low")) {
    controls.forEach((e, i) => boxes[i]!.top < 0.6 * innerHeight - 1 && found.push(`out of the low zone: ${name(e)}`));
  } else if (!root.hasAttribute("data-high") && panel.heightMM > 400 && !document.querySelector(".zones")) {
    found.push(`a panel of ${panel.heightMM} mm without a low zone`);
  }
  if (root.hasAttribute("data-low") || root.hasAttribute("data-high")) {
    const zone = document.querySelector(".reach")?.getBoundingClientRect();
    if (!zone || zone.top < 0.6 * innerHeight) found.push("the button that moves the controls is not within reach");
  }

  // Letters: capitals of the essential texts as high as the site says, all others 16 minutes of arc.
  const capital = Number(getComputedStyle(root).getPropertyValue("--capital"));
  const pen = document.createElement("canvas").getContext("2d")!;
  const height = (e: Element) => {
    const s = getComputedStyle(e);
    pen.font = `${s.fontWeight} 100px ${s.fontFamily}`;
    return pen.measureText("H").actualBoundingBoxAscent / 100 * parseFloat(s.fontSize);
  };
  // The first page has all its choices at once, and the waiting screen a sentence of what it is all for: half as high.
  const half = ".group span, .attract h1";
  const essential = "h1:not(.announcer), .partners:not(.few) .tile strong, .question, .button.large span, .phone .digits, .closed .phones dd, .place, .still-there h2, .still-there .lead, .overlay:not(.ask), .overlay.ask h2";
  for (const e of maintenance ? [] : texts) {
    if (e.closest(".billboard")) continue;
    const mm = height(e) / down;
    // Where a panel of 7 inches has no room, they may shrink to three quarters of what its site says.
    const least = e.matches(half) ? (panel.small ? .735 : .995) * capital / 2 : e.matches(essential) || e.closest("[data-essential]") ? (panel.small ? .735 : .995) * capital : capital * 16 / 42;
    if (mm < least - .03) found.push(`capitals of ${round(mm)} mm, expected ${round(least)}: ${name(e)}`);
  }

  // Nothing cut: no box smaller than its content, no letter beyond the panel or behind a box that hides it.
  for (const e of visible) {
    if (e.localName === "canvas" || e.localName === "img") continue;
    const s = getComputedStyle(e);
    const hides = s.overflowX !== "visible" || s.overflowY !== "visible";
    if ((hides || e.matches("button, main, .tile")) && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)) {
      if (e.clientWidth > 0) found.push(`cut: ${e.scrollWidth}x${e.scrollHeight} in ${e.clientWidth}x${e.clientHeight}: ${name(e)}`);
    }
  }
  const range = document.createRange();
  for (const e of texts) {
    for (const n of e.childNodes) {
      if (n.nodeType !== Node.TEXT_NODE || n.textContent!.trim() === "") continue;
      range.selectNodeContents(n);
      for (const r of range.getClientRects()) {
        if (r.left < -1 || r.right > innerWidth + 1 || r.top < -1 || r.bottom > innerHeight + 1) {
          found.push(`text beyond the panel: ${name(e)}`);
          break;
        }
      }
    }
  }
  // Nothing is written over something else that is written.
  if (!top) {
    const lines = texts.filter((e) => !e.closest(".stage")).map((e) => {
      range.selectNodeContents(e);
      return { e, r: range.getBoundingClientRect() };
    });
    for (const a of lines) {
      for (const b of lines) {
        if (a === b || a.e.contains(b.e) || b.e.contains(a.e)) continue;
        if (Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left) > 3 && Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top) > .35 * Math.min(a.r.height, b.r.height)) {
          found.push(`written over another: ${name(a.e)} and ${name(b.e)}`);
        }
      }
    }
  }

  // Contrast as WCAG computes it, of colours as they come out: 7 to 1 for texts, 3 to 1 for a control's edge or ground.
  type Colour = [number, number, number, number];
  const parse = (c: string): Colour => {
    const m = c.match(/[\d.]+/g)!.map(Number);
    return [m[0]!, m[1]!, m[2]!, m[3] ?? 1];
  };
  const over = (a: Colour, b: Colour): Colour => [0, 1, 2].map((i) => a[i]! * a[3] + b[i]! * (1 - a[3])).concat(1) as Colour;
  const ground = (e: Element | null): Colour => {
    if (!e) return [255, 255, 255, 1];
    const c = parse(getComputedStyle(e).backgroundColor);
    // What is laid over a picture lies on the picture's own ground.
    return c[3] === 1 ? c : over(c, ground(e.parentElement));
  };
  const luminance = (c: Colour) => {
    const [r, g, b] = [c[0], c[1], c[2]].map((v) => (v / 255 <= .04045 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4));
    return .2126 * r! + .7152 * g! + .0722 * b!;
  };
  const ratio = (a: Colour, b: Colour) => {
    const [x, y] = [luminance(a), luminance(b)];
    return (Math.max(x, y) + .05) / (Math.min(x, y) + .05);
  };
  const opacity = (e: Element | null): number => (e ? Number(getComputedStyle(e).opacity) * opacity(e.parentElement) : 1);
  for (const e of texts) {
    const on = ground(e);
    const ink = over([...parse(getComputedStyle(e).color).slice(0, 3), parse(getComputedStyle(e).color)[3] * opacity(e)] as Colour, on);
    if (ratio(ink, on) < 7) found.push(`contrast ${round(ratio(ink, on))}: ${name(e)}`);
  }
  controls.forEach((e) => {
    // A letter's key is wider than what is seen of it, so that no finger falls between two.
    const s = getComputedStyle(e.matches(".letter") ? e.firstElementChild! : e);
    const outside = ground(e.parentElement);
    const sides = [ground(e), over(parse(s.borderTopColor), ground(e))].map((c, i) => (i === 1 && parseFloat(s.borderTopWidth) < 2 ? 1 : ratio(c, outside)));
    if (Math.max(...sides) < 3) found.push(`an edge of ${round(Math.max(...sides))} to 1: ${name(e)}`);
  });

  // A finger's way: nothing that waits for a second finger, a drag or a long press, and nothing to scroll.
  for (const e of visible) {
    const s = getComputedStyle(e);
    if (s.touchAction !== "none" && e.matches("button")) found.push(`a button that waits for a gesture: ${name(e)}`);
    if (/auto|scroll/.test(s.overflowY + s.overflowX) && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)) found.push(`to be scrolled: ${name(e)}`);
    if (e.draggable && e.localName !== "img") found.push(`to be dragged: ${name(e)}`);
  }
  return found;
}
