// The people that the booth is for, each on their way from the first page to an adviser's face: what they touch is counted where
// it arrives, in the page, and what it took them is printed.

import { expect, test, type Locator, type Page } from "@playwright/test";
import { join } from "node:path";
import { Ears } from "../ears";
import { writeClip } from "../media";
import { pause, World } from "../rig";
import { answer, expectHome, expectTalk } from "../steps";
import { messages } from "../../touchscreen/messages";

test.describe.configure({ mode: "serial" });

/** The moment of the double-touch guard, in milliseconds: long, so that a busy machine's two touches are one hand's. */
const trembles = 1500;
const upright = { width: 1080, height: 1920 };
let world: World;
let touchscreen: Page;
let wheelchair: Page;
let desk: Page;

test.beforeAll(async () => {
  world = new World();
  const booth = world.site("gien", (yaml) => `${yaml.replace(/^devices:\n/m, `devices:\n  panel: {width_mm: 217, height_mm: 136, double_touch_ms: ${trembles}}\n`)}speech: {words_per_minute: 250}\n`);
  const high = world.site("sully", (yaml) => yaml.replace(/^devices:\n/m, "devices:\n  panel: {width_mm: 268, height_mm: 476, rotation: 90}\n"));
  await world.startHub();
  touchscreen = await world.touchscreen((await world.startBooth(booth)).url);
  wheelchair = await world.touchscreen((await world.startBooth(high, { port: 8081 })).url, upright);
  const clip = join(world.directory, "clip.y4m");
  writeClip(clip);
  desk = await world.desk("caf", { clip });
});

test.afterAll(async () => {
  await world?.close();
});

/** What somebody did with the panel, as its page saw it. */
interface Steps {
  /** Where each touch landed, from the top, as a part of the panel's height. */
  touches: number[];
  keys: number;
  /** When the first of all was, by the page's clock. */
  began: number;
}

const steps = (page: Page): Promise<Steps> => page.evaluate(() => (window as unknown as { steps: Steps }).steps);

/** Goes one person's way, until adviser and citizen see each other, and prints what it took. */
async function walk(who: string, page: Page, way: () => Promise<void>): Promise<Steps> {
  await expectHome(page);
  await page.evaluate(() => {
    const steps: Steps = { touches: [], keys: 0, began: 0 };
    Object.assign(window, { steps });
    addEventListener("pointerdown", (event) => {
      steps.began ||= performance.now();
      steps.touches.push(event.clientY / innerHeight);
    }, { capture: true });
    addEventListener("keydown", () => {
      steps.began ||= performance.now();
      steps.keys++;
    }, { capture: true });
  });
  await way();
  const ring = desk.getByRole("button", { name: "Répondre" });
  await expect(ring).toBeVisible({ timeout: 20_000 });
  const done = await steps(page);
  const rang = await page.evaluate((began) => performance.now() - began, done.began);
  await answer(desk);
  await expectTalk(page, desk);
  const seen = await page.evaluate((began) => performance.now() - began, done.began);
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);
  console.log(`${who}: ${done.touches.length} touches, ${done.keys} keys; ${seconds(rang)} s until an adviser's desk rang, ${seconds(seen)} s until they saw each other`);
  return done;
}

/** The call ends, and the booth is the next citizen's. */
async function leave(page: Page, language = "fr"): Promise<void> {
  await desk.getByRole("button", { name: "Raccrocher" }).click();
  const home = page.getByRole("button", { name: messages(language).thanks.home });
  await expect(home).toBeVisible({ timeout: 20_000 });
  await pause(trembles); // sooner, a touch that comes as the page changes does not count
  await home.tap();
  await expectHome(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
}

const button = (page: Page, name: string | RegExp): Locator => page.getByRole("button", { name });

/** A finger that stays for a while, and slides on its way, in milliseconds and millimetres. */
async function lay(on: Locator, milliseconds: number, slidesBy: number): Promise<void> {
  const page = on.page();
  await expect(on).toBeVisible();
  await pause(trembles); // sooner, it is part of the touch before
  const box = (await on.boundingBox())!;
  const slide = slidesBy * (await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"))));
  expect(slide, "it stays on the button").toBeLessThan(box.width);
  const [x, y] = [box.x + (box.width - slide) / 2, box.y + box.height / 2];
  const finger = await page.context().newCDPSession(page);
  await finger.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
  for (let i = 1; i <= 5; i++) {
    await pause(milliseconds / 5);
    await finger.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: x + slide * i / 5, y }] });
  }
  await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await finger.detach();
}

test("somebody of 80, who reads each page and whose hand touches twice, knows only what for", async () => {
  const touchTwice = async (name: string | RegExp) => {
    const at = button(touchscreen, name);
    await expect(at).toBeVisible();
    await pause(trembles + 500); // to read
    const box = (await at.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await touchscreen.touchscreen.tap(x, y);
    await touchscreen.touchscreen.tap(x + 6, y + 4);
  };
  const done = await walk("somebody of 80", touchscreen, async () => {
    await touchTwice("Famille et aides");
    await touchTwice(/^Être aidé pour payer mon loyer/);
    await touchTwice("Appeler");
  });
  expect(done.touches.length / 2, "each touch is two").toBeLessThanOrEqual(4);
  await expect(desk.getByText("Besoin : Être aidé pour payer mon loyer").first()).toBeVisible();
  await leave(touchscreen);
});

test("somebody in a wheelchair knows the partner, and reaches no higher than the low zone", async () => {
  const done = await walk("somebody in a wheelchair", wheelchair, async () => {
    await button(wheelchair, /^CAF/).tap();
    await button(wheelchair, "Appeler").tap();
  });
  expect(done.touches.length).toBeLessThanOrEqual(2);
  expect(Math.min(...done.touches), "how far down the highest touch was").toBeGreaterThanOrEqual(0.59);
  await leave(wheelchair);
});

test("somebody who does not see presses four keys, and touches nothing", async () => {
  const ears = new Ears(touchscreen);
  await ears.open();
  const next = () => touchscreen.keyboard.press("ArrowRight");
  const done = await walk("somebody who does not see", touchscreen, async () => {
    await next(); // the first key begins the spoken mode
    await ears.expect(/^Mode vocal\./);
    await ears.find(next, /^CAF, .*bouton\.$/);
    await touchscreen.keyboard.press("Enter");
    await ears.expect(/^Caisse d’allocations familiales/);
    await ears.find(next, /^Appeler, bouton\.$/);
    await touchscreen.keyboard.press("Enter");
  });
  expect(done.touches).toEqual([]);
  await leave(touchscreen);
});

test("somebody who does not hear well writes, and reads what the adviser writes", async () => {
  const done = await walk("somebody who does not hear well", touchscreen, async () => {
    await button(touchscreen, /^CAF/).tap();
    await expect(button(touchscreen, "Appeler")).toBeVisible();
    await pause(trembles);
    await button(touchscreen, "Appeler").tap();
  });
  expect(done.touches.length).toBeLessThanOrEqual(2);
  await expect(touchscreen.getByText("Le conseiller parle")).toBeVisible(); // the beeps of the desk's simulated microphone
  await desk.getByRole("button", { name: "Écrire" }).click();
  await desk.getByLabel("Message à l’usager").pressSequentially("Bonjour");
  await expect(touchscreen.getByRole("log", { name: "Messages écrits" })).toContainText("Conseiller : Bonjour");
  await button(touchscreen, "Écrire").tap();
  for (const letter of "oui") await touchscreen.getByRole("group", { name: "Clavier" }).getByRole("button", { name: letter, exact: true }).tap();
  await expect(desk.getByRole("log", { name: "Messages" })).toContainText("Usager oui");
  await leave(touchscreen);
});

test("somebody who reads Arabic chooses it by its own name, and writes in both scripts", async () => {
  const m = messages("ar");
  const done = await walk("somebody who reads Arabic", touchscreen, async () => {
    await touchscreen.locator("header .language:not(.ear)").tap();
    await button(touchscreen, "العربية").tap();
    await button(touchscreen, /^CAF/).tap();
    await expect(button(touchscreen, m.call)).toBeVisible();
    await pause(trembles);
    await button(touchscreen, m.call).tap();
  });
  expect(done.touches.length, "two to choose the language, two to call").toBeLessThanOrEqual(4);
  await expect(touchscreen.locator("html")).toHaveAttribute("dir", "rtl");
  await button(touchscreen, m.written.write).tap();
  const key = (name: string) => touchscreen.getByRole("group", { name: m.keyboard.title }).getByRole("button", { name, exact: true });
  for (const name of ["س", "ل", "ا", "م", m.keyboard.space, "a b c", m.keyboard.shift, "L", "u", "c", "أ ب", "أ ذ ،", "أ"]) await key(name).tap();
  await expect(desk.getByRole("log", { name: "Messages" })).toContainText("سلام Lucأ");
  await leave(touchscreen, "ar");
});

test("somebody who has never touched a panel leaves the finger on it, and it slides", async () => {
  const done = await walk("somebody who has never touched a panel", touchscreen, async () => {
    await lay(button(touchscreen, "Famille et aides"), 1500, 8);
    await lay(button(touchscreen, /^Être aidé pour payer mon loyer/), 800, 8);
    await lay(button(touchscreen, "Appeler"), 3000, 2);
  });
  expect(done.touches.length).toBeLessThanOrEqual(4);
  await leave(touchscreen);
});

test("a finger that slides off a button has touched nothing", async () => {
  const box = (await button(touchscreen, /^CAF/).boundingBox())!;
  const finger = await touchscreen.context().newCDPSession(touchscreen);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await finger.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
  for (let i = 1; i <= 5; i++) await finger.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: x + box.width * i / 5, y }] });
  await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await pause(1000);
  await expect(button(touchscreen, "Appeler")).toHaveCount(0);
  await expectHome(touchscreen);
});
