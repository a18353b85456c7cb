// Every screen of the touchscreen on three panels: as its picture was, as large
// as people need it, legible, whole, reachable, and the same after a reload.
//
// make gallery takes the pictures anew.

import { expect, test } from "@playwright/test";
import { source as axeSource } from "axe-core";
import type Axe from "axe-core";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fonts, mistakes, openGallery, panels, show, showFirst } from "../gallery";
import { wcag22 } from "../steps";

declare const axe: typeof Axe; // in the page

test.describe.configure({ mode: "parallel", retries: 0 });
// Pictures are small: they are to show what has moved, not each letter's edge.
test.use({ deviceScaleFactor: 0.28, launchOptions: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"] } });

for (const panel of panels) {
  test(`gallery: every screen at ${panel.name} is as its picture`, async ({ page }) => {
    const views = await openGallery(page, panel);
    for (let index = 0; index < views; index++) {
      await show(page, index);
      await fonts(page);
      // What only technicians see is kept on one panel.
      if (panel !== panels[1] && await page.locator("main.technician, main.enrolment").count() > 0) continue;
      expect.soft(await page.screenshot({ animations: "disabled" }), `view ${index}`)
        .toMatchSnapshot(`${panel.name}-${String(index).padStart(2, "0")}.png`, { threshold: 0.25, maxDiffPixelRatio: 0.02 });
    }
  });

  test(`gallery: every screen at ${panel.name} can be touched, read and reached`, async ({ page }) => {
    const views = await openGallery(page, panel);
    const wrong: string[] = [];
    for (let index = 0; index < views; index++) {
      await show(page, index);
      await fonts(page);
      wrong.push(...(await mistakes(page, panel)).map((m) => `view ${index}: ${m}`));
    }
    expect(wrong.join("\n")).toBe("");
  });
}

test("gallery: the controls of a high panel all over it, and on other panels", async ({ page }) => {
  const wrong: string[] = [];
  const others = [
    { panel: panels[2], low: false },
    { panel: { name: "1920x1080", width: 1920, height: 1080, widthMM: 476, heightMM: 268 }, low: false }, // 21.5 inches
    { panel: { name: "1024x600", width: 1024, height: 600, widthMM: 223, heightMM: 125 }, low: false }, // 10.1 inches of fewer pixels
  ];
  for (const { panel, low } of others) {
    const views = await openGallery(page, panel, { low });
    // Most screens come in several forms; the three panels above have all.
    for (let index = 0; index < views; index += panel === panels[2] ? 1 : 2) {
      await show(page, index);
      wrong.push(...(await mistakes(page, panel)).map((m) => `${panel.name}, view ${index}: ${m}`));
    }
  }
  expect(wrong.join("\n")).toBe("");
});

// In those whose texts are the longest, or the highest and run the other way; all nine are gone through in languages.spec.ts.
for (const { panel, only } of [{ panel: panels[0], only: ["uk", "es", "ar"] }, { panel: panels[1], only: ["uk", "ar"] }]) {
  test(`gallery: nothing is cut or too small at ${panel.name} in the longest languages`, async ({ page }) => {
    await openGallery(page, panel);
    const languages = (await page.locator("html").getAttribute("data-languages"))!.split(" ").filter((l) => only.includes(l));
    expect(languages).toHaveLength(only.length);
    const wrong: string[] = [];
    for (const language of languages) {
      const views = await openGallery(page, panel, { language });
      for (let index = 0; index < views; index++) {
        await show(page, index);
        // What only technicians see is in French.
        if (await page.locator("main.technician, main.enrolment").count() > 0) continue;
        wrong.push(...(await mistakes(page, panel)).map((m) => `${language}, ${panel.name}, view ${index}: ${m}`));
      }
    }
    expect(wrong.join("\n")).toBe("");
  });
}

test("gallery: what the measures are for is found", async ({ page }) => {
  const [home, call, failed] = ["main.home .group", "main.call:not(.typing, .covered) .caption", "main.failed .phone"];
  for (const [on, style, found] of [
    [home, ".language { min-height: 0; height: 8mm }", /a target of .* mm: <button class="language"/],
    [home, ".tile { margin: -30px }", /two targets on each other/],
    [home, ".group { font-size: 20px }", /capitals of .* expected 4.3: <span/],
    [home, "header { margin-left: 200px; margin-right: -200px }", /a target beyond the panel/],
    [home, "header { order: -1 } .billboard { order: 2 }", /out of the low zone/],
    [home, "h1 { font-size: 30px }", /capitals of .* expected 8.6: <h1/],
    [home, ".site { font-size: 10px }", /capitals of .* expected 3.3: <p class="site"/],
    [home, ".site { color: #666 }", /contrast 5.*: <p class="site"/],
    [home, ".site { opacity: .6 }", /contrast .*: <p class="site"/],
    [home, ".tile { border-color: #ddd }", /an edge of 1.* to 1: <button class="tile/],
    [home, ".tile { height: 60px }", /cut: .*tile/],
    [home, ".site { height: 10px; overflow: hidden }", /cut: .*site/],
    [home, "button { touch-action: auto }", /waits for a gesture/],
    [failed, ".phone { margin-top: -80px }", /written over another/],
    [failed, "main { height: 100px; flex: none; overflow: auto }", /to be scrolled: <main/],
    [call, ".caption { background: transparent; color: #333 }", /contrast .*: <p class=""> Mme/],
  ] as const) {
    const panel = panels[on === call ? 1 : 2];
    await openGallery(page, panel);
    await showFirst(page, on);
    await page.addStyleTag({ content: style.replaceAll(/([^;{}]+)\}/g, "$1 !important }").replaceAll(";", " !important;") });
    expect((await mistakes(page, panel)).join("\n"), style).toMatch(found);
  }
});

test("gallery: every screen is accessible (axe)", async ({ page }) => {
  const views = await openGallery(page, panels[1]);
  // Once for all screens: a builder for each takes many times as long.
  await page.evaluate(axeSource);
  const wrong: string[] = [];
  for (let index = 0; index < views; index++) {
    await show(page, index);
    const violations = await page.evaluate(async (tags) => {
      const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
      return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 120)}`));
    }, wcag22);
    wrong.push(...violations.map((v) => `view ${index}: ${v}`));
  }
  expect(wrong.join("\n")).toBe("");
});

test("gallery: a page that is reloaded shows what the one showed that had seen all screens before", async ({ page }) => {
  const views = await openGallery(page, panels[1]);
  const body = () => page.evaluate(() => document.documentElement.lang + document.documentElement.dataset["tight"] + document.getElementById("root")!.innerHTML);
  const patched: string[] = [];
  for (let index = 0; index < views; index++) {
    await show(page, index);
    patched.push(await body());
  }
  // Drawn on an empty page; and for some of them on one that was loaded for it.
  for (let index = 0; index < views; index++) {
    await page.evaluate(() => document.getElementById("root")!.replaceChildren());
    await show(page, index);
    expect(await body(), `view ${index}`).toBe(patched[index]);
  }
  for (let index = 0; index < views; index += 7) {
    await openGallery(page, panels[1], { index });
    expect(await body(), `view ${index}, loaded`).toBe(patched[index]);
  }
});

test("gallery: a second touch at the same place counts once, elsewhere and later it counts", async ({ page }) => {
  await openGallery(page, panels[1], { double: 600 });
  const intents = () => page.evaluate(() => window.sent.map((i) => i.intent));
  const tile = (await page.locator(".tile").first().boundingBox())!;
  const other = (await page.locator(".tile").nth(1).boundingBox())!;
  // Both touches of a trembling hand come in one go, so that no busy machine draws them apart.
  const touch = (...places: [number, number][]) => page.evaluate((all) => {
    for (const [clientX, clientY] of all) {
      document.elementFromPoint(clientX, clientY)!.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, clientX, clientY, detail: 1 }));
    }
  }, places);
  await touch([tile.x + 40, tile.y + 40], [tile.x + 44, tile.y + 38]);
  expect(await intents(), "a hand that trembles").toEqual(["partner"]);
  await touch([other.x + 40, other.y + 40]);
  expect(await intents(), "another place").toEqual(["partner", "partner"]);
  await expect.poll(async () => {
    await touch([other.x + 40, other.y + 40]);
    return (await intents()).length;
  }, { message: "the moment is over" }).toBe(3);
});

test("gallery: a key that is struck twice counts once", async ({ page }) => {
  await openGallery(page, panels[1], { double: 60_000 });
  await page.locator(".tile").first().focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => window.sent.length)).toBe(1);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => window.sent.length)).toBe(2);
});

test("gallery: the focus is seen on every control", async ({ page }) => {
  const views = await openGallery(page, panels[1]);
  for (let index = 0; index < views; index++) {
    await show(page, index);
    const unseen = await page.evaluate(() => {
      const wrong: string[] = [];
      for (const e of document.querySelectorAll<HTMLElement>("button:not(:disabled)")) {
        if (!e.checkVisibility()) continue; // under a layer
        e.focus({ focusVisible: true } as FocusOptions);
        const s = getComputedStyle(e);
        // A dark ring and a light one: 3 to 1 between the two is enough on any ground.
        if (s.outlineStyle !== "solid" || parseFloat(s.outlineWidth) < 3 || !s.boxShadow.includes("rgb(255, 255, 255)")) wrong.push(e.outerHTML.slice(0, 120));
      }
      return wrong;
    });
    expect(unseen, `view ${index}`).toEqual([]);
  }
});

test("gallery: nothing moves where the site or the citizen wants nothing to", async ({ page }) => {
  const moving = () => page.evaluate(() => document.getAnimations().filter((a) => a.playState === "running").length);
  await openGallery(page, panels[1], { still: false });
  const calling = await showFirst(page, "main.calling .ringing");
  await expect(page.locator("main.calling")).toBeVisible();
  expect(await moving(), "as usual").toBeGreaterThan(0);
  await page.evaluate(() => document.documentElement.toggleAttribute("data-still", true));
  expect(await moving(), "the site's wish").toBe(0);
  await openGallery(page, panels[1], { index: calling });
  expect(await moving(), "the browser's wish").toBe(0);
});

test("gallery: one finger and a tap are enough", () => {
  // No listener for several fingers, a drag or a swipe is in any of the touchscreen's sources.
  const folder = join(__dirname, "../../touchscreen");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf8");
    expect(text, file).not.toMatch(/touch(start|move|end)|ontouch|gesture(start|change)|pointermove|drag(start|over|end)|ondr(ag|op)|\.touches\b|wheel/);
  }
  expect(readFileSync(join(folder, "touchscreen.css"), "utf8")).toMatch(/button \{[^}]*touch-action: none/);
});
