// Never a dead end: each way in which a call can fail has a screen with the
// reason, the telephone number and an incident code.

import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { World } from "../rig";
import { answer, call, expectHome } from "../steps";

let world: World;
test.beforeEach(() => {
  world = new World();
});
test.afterEach(async () => {
  await world.close();
});

async function expectFailure(touchscreen: Page, reason: RegExp, phone: string): Promise<void> {
  await expect(touchscreen.getByText(reason).first()).toBeVisible({ timeout: 30_000 });
  await expect(touchscreen.getByText(phone).first()).toBeVisible();
  await expect(touchscreen.getByText(/[A-Z]-[0-9A-F]{4}/).first()).toBeVisible();
  await expect(touchscreen.getByRole("button", { name: /accueil/i })).toBeVisible();
  expect((await new AxeBuilder({ page: touchscreen }).analyze()).violations).toEqual([]);
}

test("no adviser: wait in line or leave; nobody answers within the limit; a closed partner", async () => {
  world.partners((yaml) => yaml.replace(/(- id: caf\n)/, "$1    answer_limit: 12s\n"));
  const site = world.site("gien", (yaml) => yaml.replace(/(- id: cdad\n[\s\S]*?closed: )\[\]/, '$1["2020-01-01/2099-12-31"]'));
  await world.startHub();
  const booth = await world.startBooth(site);
  const touchscreen = await world.touchscreen(booth.url, { width: 800, height: 480 });

  await call(touchscreen, "CAF");
  await expect(touchscreen.getByText(/aucun conseiller|pas de conseiller/i).first()).toBeVisible();
  await touchscreen.getByRole("button", { name: "Annuler" }).tap();
  await expectHome(touchscreen);

  await call(touchscreen, "CAF");
  await expectFailure(touchscreen, /répond/i, "3230");
  await touchscreen.getByRole("button", { name: /accueil/i }).tap();
  await expectHome(touchscreen);

  await touchscreen.getByRole("button", { name: /^CDAD.*ferm/is }).tap();
  await expectFailure(touchscreen, /ferm/i, "3039");
});

test("the hub is unreachable from the start", async () => {
  const site = world.site("patay");
  await world.startHub();
  await world.hub!.kill("SIGKILL");
  const booth = await world.startBooth(site);
  const touchscreen = await world.touchscreen(booth.url);
  await call(touchscreen, "CPAM");
  await expectFailure(touchscreen, /réseau|joindre|connexion/i, "3646");
});

test("the hub goes away while the citizen waits", async () => {
  const site = world.site("patay", (yaml) => `${yaml}\nlimits:\n  contact: 4s\n`);
  await world.startHub();
  const booth = await world.startBooth(site);
  const touchscreen = await world.touchscreen(booth.url);
  await call(touchscreen, "CPAM");
  await expect(touchscreen.getByText(/aucun conseiller|pas de conseiller/i).first()).toBeVisible();
  await world.hub!.kill("SIGKILL");
  await expectFailure(touchscreen, /réseau|joindre|connexion/i, "3646");
});

test("media cannot be set up: a clear screen within the configured time", async () => {
  const site = world.site("lorris", (yaml) => `${yaml}\nlimits:\n  media_setup: 5s\n`);
  await world.startHub();
  const booth = await world.startBooth(site);
  const touchscreen = await world.touchscreen(booth.url);
  const desk = await world.desk("caf");
  world.blockUDP(true);
  await call(touchscreen, "CAF");
  await answer(desk);
  const began = Date.now();
  await expectFailure(touchscreen, /image|son|vidéo/i, "3230");
  expect(Date.now() - began).toBeLessThan(12_000);
  // Trying again, with the line repaired, works.
  world.blockUDP(false);
  await expect(desk.getByRole("switch", { name: "Disponible" })).toBeVisible();
  await touchscreen.getByRole("button", { name: "Réessayer" }).tap();
  await answer(desk);
  await expect(touchscreen.getByRole("button", { name: "Raccrocher" })).toBeVisible();
});

test("a call that rings and is cancelled frees the desk", async () => {
  const site = world.site("jargeau");
  await world.startHub();
  const booth = await world.startBooth(site);
  const touchscreen = await world.touchscreen(booth.url);
  const desk = await world.desk("adil");
  await call(touchscreen, "ADIL-EIE");
  await expect(desk.getByRole("button", { name: "Répondre" })).toBeVisible();
  await touchscreen.getByRole("button", { name: "Annuler" }).tap();
  await expectHome(touchscreen);
  await expect(desk.getByRole("button", { name: "Répondre" })).toHaveCount(0);
});

test("a closed room: the panel goes dark, and the touch that lights it does nothing else", async () => {
  const closed = world.site("gien", (yaml) => `${yaml}limits:\n  idle: 5s\nclosed: ["2020-01-01/2099-12-31"]\n`);
  await world.startHub();
  const booth = await world.startBooth(closed);
  const touchscreen = await world.touchscreen(booth.url, { width: 800, height: 480 });
  await expect(touchscreen.getByRole("heading", { name: /fermé/i })).toBeVisible();
  const dark = touchscreen.locator(".dark");
  await expect(dark).toBeVisible({ timeout: 30_000 }); // the booth looks at its clock every ten seconds
  const languages = touchscreen.locator("header .language");
  const box = (await languages.boundingBox())!;
  await touchscreen.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  await expect(dark).toHaveCount(0);
  await expect(languages).toHaveAttribute("aria-expanded", "false");
  await expect(dark).toBeVisible({ timeout: 30_000 });
});
