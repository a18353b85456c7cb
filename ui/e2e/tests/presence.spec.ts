// A booth with presence sensors, played by its own simulated ones: it greets who
// comes, asks who has gone, and tells the adviser who leaves in mid-call.

import { expect, test, type Page } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pause, World } from "../rig";
import { accessible, adviserPicture, answer, call, citizenPicture, expectHome, speak } from "../steps";

test.describe.configure({ mode: "serial" });

let world: World;
let touchscreen: Page;
let desk: Page;
// Two more booths, before which nobody ever was: their panels go dark while the other stories are told.
let left: Page[];

type Who = "absent" | "near" | "seated";
const file = (site: string) => join(world.directory, `${site}.presence`);
/** Who is before the booth. */
const there = (who: Who, site = "gien") => writeFileSync(file(site), `${who}\n`);
const question = () => touchscreen.getByRole("alertdialog", { name: "Êtes-vous toujours là ?" });

test.beforeAll(async () => {
  world = new World();
  const configurations = ["gien", "lorris", "patay"].map((id) => world.site(id, (yaml) =>
    `${yaml.replace(/^devices:\n/m, "devices:\n  presence: {motion: simulated, distance: simulated}\n")}limits: {idle: 32s, standby: 1m}\n`));
  await world.startHub();
  const open = async (site: string, configuration: string, port: number): Promise<Page> => {
    there("absent", site);
    const booth = await world.startBooth(configuration, { port, flags: ["-simulated-presence", file(site)] });
    return world.touchscreen(booth.url);
  };
  left = [await open("lorris", configurations[1]!, 8081), await open("patay", configurations[2]!, 8082)];
  touchscreen = await open("gien", configurations[0]!, 8080);
  desk = await world.desk("caf");
});

test.afterAll(async () => {
  await world?.close();
});

test("whoever comes near is greeted", async () => {
  await expectHome(touchscreen);
  await expect(touchscreen.getByText(/^Démonstration : .*détecteur de présence/)).toBeVisible();
  await expect(touchscreen.getByRole("heading", { level: 1 })).not.toHaveText(/^Bonjour/);
  there("near");
  await expect(touchscreen.getByRole("heading", { level: 1 })).toHaveText("Bonjour ! Quel est votre besoin ?");
});

test("an abandoned session is asked, and a touch says yes", async () => {
  there("seated");
  await speak(touchscreen, "English");
  await speak(touchscreen, "Français");
  await touchscreen.getByRole("button", { name: /^CAF/ }).tap();
  await expect(question()).toBeVisible({ timeout: 60_000 });
  await expect(question()).toContainText(/tout s’efface dans (20|1\d)\ss/);
  await accessible(touchscreen);
  await pause(1000); // who touches just as the question comes did not mean it
  await question().getByRole("button", { name: "Oui, je suis là" }).tap();
  await expect(question()).toHaveCount(0);
  await expect(touchscreen.getByRole("button", { name: "Appeler" })).toBeVisible();
});

test("who has finished says so", async () => {
  await expect(question()).toBeVisible({ timeout: 60_000 });
  await question().getByRole("button", { name: "Non, j’ai terminé" }).tap(); // too soon to be meant
  await expect(question()).toBeVisible();
  await pause(1000);
  await question().getByRole("button", { name: "Non, j’ai terminé" }).tap();
  await expectHome(touchscreen);
  await expect(question()).toHaveCount(0);
});

test("who leaves in mid-call is noticed by the adviser", async () => {
  await pause(1000); // no touch that comes just after the answer is meant either
  await call(touchscreen, "CAF");
  await answer(desk);
  await expect(desk.locator(citizenPicture)).toBeVisible();
  await expect(touchscreen.locator(adviserPicture)).toBeVisible();
  await expect(touchscreen.locator(".overlay")).toHaveCount(0, { timeout: 30_000 }); // both are connected
  const away = desk.getByText("L’usager n’est plus devant la borne");
  await expect(away).toHaveCount(0);
  there("absent");
  await expect(away).toBeVisible({ timeout: 60_000 });
  there("seated");
  await expect(away).toHaveCount(0, { timeout: 20_000 });
  await desk.getByRole("button", { name: "Raccrocher" }).click();
  await expectHome(touchscreen);
});

test("a session that somebody walks away from is asked at once, and wiped", async () => {
  await touchscreen.getByRole("button", { name: /^CAF/ }).tap();
  there("absent");
  await expect(question()).toBeVisible({ timeout: 30_000 }); // sooner than an idle page
  const asked = Date.now();
  await expect(question()).toHaveCount(0, { timeout: 40_000 });
  expect(Date.now() - asked, "the countdown in ms").toBeGreaterThan(15_000);
  await expect(touchscreen.getByRole("button", { name: "Appeler" })).toHaveCount(0);
  await expect(touchscreen.getByRole("button", { name: /^CAF/ })).toBeVisible();
});

/** The dark panel of a booth before which nobody is. */
async function dark(page: Page): Promise<void> {
  await expect(page.locator(".dark")).toHaveCount(1, { timeout: 100_000 });
}

test("the panel goes dark before nobody; the first touch only wakes it", async () => {
  test.setTimeout(180_000);
  const page = left[0]!;
  await dark(page);
  const tile = await page.getByRole("button", { name: /^CAF/ }).boundingBox();
  await page.touchscreen.tap(tile!.x + tile!.width / 2, tile!.y + tile!.height / 2);
  await expect(page.locator(".dark")).toHaveCount(0);
  await pause(1500);
  await expect(page.getByRole("button", { name: "Appeler" })).toHaveCount(0);
});

test("the panel wakes for who comes near", async () => {
  test.setTimeout(180_000);
  const page = left[1]!;
  await dark(page);
  there("near", "patay");
  await expect(page.locator(".dark")).toHaveCount(0, { timeout: 5000 });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Bonjour ! Quel est votre besoin ?");
});

test("the hotline sees which sensors the booth has", async () => {
  const hotline = await world.hotline();
  await expect(hotline.getByRole("link", { name: "démonstration" })).toHaveCount(3); // the page after the sign-in is there
  await hotline.evaluate(() => (location.hash = "gien"));
  for (const name of ["Détecteur de mouvement", "Capteur de distance"]) {
    await expect(hotline.locator("dl > div", { has: hotline.getByText(name, { exact: true }) }).locator("dd")).toHaveText("simulé");
  }
});

test("the waiting page moves by some pixels each minute, and not for who wants nothing to move", async () => {
  there("absent");
  const page = await touchscreen.context().newPage(); // with a clock of its own
  await page.clock.install();
  await page.goto(touchscreen.url());
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(/^Bonjour/, { timeout: 60_000 });
  const places = new Set<string>();
  const root = page.locator("#root");
  for (let minute = 0; minute < 5; minute++) {
    await page.clock.fastForward(60_000);
    await page.clock.runFor(1100);
    places.add(await root.evaluate((e) => e.style.transform));
  }
  expect(places.size, [...places].join("; ")).toBeGreaterThan(2);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.clock.runFor(1100);
  expect(await root.evaluate((e) => e.style.transform)).toBe("");
});
