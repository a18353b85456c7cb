// Never a dead end: each way in which a call can fail has a screen with the
// reason, the telephone number and an incident code.

import { expect, test, type Page } from "@playwright/test";
import { World } from "../rig";
import { accessible, answer, call, expectHome } from "../steps";

let world: World;
test.beforeEach(() => {
  world = new World();
});
test.afterEach(async () => {
  await world.close();
});

/** A nearer site that is closed, one that is open, and a farther one. */
function withNeighbours(yaml: string): string {
  const site = (id: string, town: string, latitude: number, closed: string) => `
  - id: ${id}
    name: Espace de ${town}
    town: ${town}
    phone: "02 38 00 00 0${Math.round(latitude) % 10}"
    position: {latitude: ${latitude}, longitude: 1.909}
    hours: {every_day: ["00:00-24:00"]}${closed}`;
  return `${yaml}\nsites:${site("jargeau", "Jargeau", 47.95, '\n    closed: ["2020-01-01/2099-12-31"]')}${site("lorris", "Lorris", 48.8, "")}${site("patay", "Patay", 49.4, "")}\n`;
}

async function expectNeighbour(touchscreen: Page): Promise<void> {
  const near = touchscreen.getByRole("region", { name: "Un autre Espace est ouvert" });
  await expect(near).toContainText("Espace de Lorris, à 100\u00a0km");
  await expect(near).toContainText("02 38 00 00 09");
  await expect(near).toContainText("Ouvert aujourd’hui");
}

async function expectFailure(touchscreen: Page, reason: RegExp, phone: string): Promise<void> {
  await expect(touchscreen.getByText(reason).first()).toBeVisible({ timeout: 30_000 });
  await expect(touchscreen.getByText(phone).first()).toBeVisible();
  await expect(touchscreen.getByText(/[A-Z]-[0-9A-F]{4}/).first()).toBeVisible();
  await expect(touchscreen.getByRole("button", { name: /accueil/i })).toBeVisible();
  await accessible(touchscreen);
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
  world.partners(withNeighbours);
  const site = world.site("patay");
  await world.startHub();
  await world.hub!.kill("SIGKILL");
  const booth = await world.startBooth(site);
  const touchscreen = await world.touchscreen(booth.url, { width: 800, height: 480 });
  // What the booth got with its configuration needs no hub: needs, hours, numbers and where else to go.
  await expect(touchscreen.getByText("Le réseau ne répond pas").first()).toBeVisible();
  await expectNeighbour(touchscreen);
  await touchscreen.getByRole("button", { name: "Aide", exact: true }).tap();
  await expect(touchscreen.getByRole("dialog").getByText("02 38 25 45 45")).toBeVisible();
  await expect(touchscreen.getByRole("button", { name: "Appeler l’assistance" })).toHaveCount(0);
  await accessible(touchscreen);
  await touchscreen.getByRole("button", { name: "Fermer l’aide" }).tap();
  await touchscreen.getByRole("button", { name: "Santé" }).tap();
  await touchscreen.getByRole("button", { name: /^Je n’ai pas de médecin traitant/ }).tap();
  await expect(touchscreen.getByText("Votre besoin : Je n’ai pas de médecin traitant")).toBeVisible();
  await expect(touchscreen.getByText("3646").first()).toBeVisible();
  await touchscreen.getByRole("button", { name: "Appeler" }).tap();
  await expectFailure(touchscreen, /réseau|joindre|connexion/i, "3646");
  await expectNeighbour(touchscreen);
});

test("a closed room tells the nearest one that is open", async () => {
  world.partners(withNeighbours);
  const closed = world.site("gien", (yaml) => `${yaml}closed: ["2020-01-01/2099-12-31"]\n`);
  await world.startHub();
  const booth = await world.startBooth(closed);
  const touchscreen = await world.touchscreen(booth.url, { width: 800, height: 480 });
  await expect(touchscreen.getByRole("heading", { name: /fermé/i })).toBeVisible();
  await expectNeighbour(touchscreen);
  await touchscreen.getByRole("button", { name: "Aide", exact: true }).tap();
  await expect(touchscreen.getByRole("dialog").getByText("02 38 25 45 45")).toBeVisible();
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
  const languages = touchscreen.locator("header .language:not(.ear)");
  const box = (await languages.boundingBox())!;
  await touchscreen.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  await expect(dark).toHaveCount(0);
  await expect(languages).toHaveAttribute("aria-expanded", "false");
  await expect(dark).toBeVisible({ timeout: 30_000 });
});
