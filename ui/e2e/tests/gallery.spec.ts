// Every screen of the touchscreen on three panels: as its picture was, as large
// as people need it, legible, whole, reachable, and the same after a reload.
//
// make gallery takes the pictures anew.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fonts, mistakes, openGallery, panels, show } from "../gallery";

test.describe.configure({ mode: "parallel", retries: 0 });
// Pictures are taken at half the size: they are to show what has moved, not each letter's edge.
test.use({ deviceScaleFactor: 0.5, launchOptions: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"] } });

for (const panel of panels) {
  test(`gallery: every screen at ${panel.name} is as its picture`, async ({ page }) => {
    const views = await openGallery(page, panel);
    for (let index = 0; index < views; index++) {
      await show(page, index);
      await fonts(page);
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
    for (let index = 0; index < views; index++) {
      await show(page, index);
      wrong.push(...(await mistakes(page, panel)).map((m) => `${panel.name}, view ${index}: ${m}`));
    }
  }
  expect(wrong.join("\n")).toBe("");
});

test("gallery: every screen is accessible (axe)", async ({ page }) => {
  const views = await openGallery(page, panels[1]);
  const wrong: string[] = [];
  for (let index = 0; index < views; index++) {
    await show(page, index);
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
    wrong.push(...violations.flatMap((v) => v.nodes.map((n) => `view ${index}: ${v.id}: ${n.html.slice(0, 120)}`)));
  }
  expect(wrong.join("\n")).toBe("");
});

test("gallery: a page that is reloaded shows what the one showed that had seen all screens before", async ({ page, context }) => {
  const views = await openGallery(page, panels[1]);
  const body = () => page.evaluate(() => document.documentElement.lang + document.documentElement.dataset["tight"] + document.getElementById("root")!.innerHTML);
  const patched: string[] = [];
  for (let index = 0; index < views; index++) {
    await show(page, index);
    patched.push(await body());
  }
  await page.close();
  page = await context.newPage();
  for (let index = 0; index < views; index++) {
    await openGallery(page, panels[1], { index });
    expect(await body(), `view ${index}`).toBe(patched[index]);
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
  const calling = 8;
  await openGallery(page, panels[1], { index: calling, still: false });
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
  expect(readFileSync(join(folder, "touchscreen.css"), "utf8")).toMatch(/button \{[^}]*touch-action: manipulation/);
});
