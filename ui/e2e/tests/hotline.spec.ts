// The hotline's day: it finds a booth, reads how it is, and has it do things,
// each after a confirmation. What it asks for shows on the booth's touchscreen.

import { expect, test, type Page } from "@playwright/test";
import { join } from "node:path";
import { Alone, signIn } from "../rig";
import { accessible, expectHome } from "../steps";

test.describe.configure({ mode: "serial" });

const name = "Espace Services Publics de démonstration";

let world: Alone;
let touchscreen: Page;
let hotline: Page;

test.beforeAll(async () => {
  world = new Alone();
  await world.startDemo();
  touchscreen = await world.touchscreen();
  await expectHome(touchscreen);
});

test.afterAll(async () => {
  await world?.close();
});

const picture = (page: Page, what: string) => page.screenshot({ path: join(test.info().project.outputDir, `hotline-${what}.png`) });

/** Has a booth do something, by keyboard alone from the dialog on. */
async function act(button: string, confirm: string, message?: string): Promise<void> {
  await hotline.getByRole("button", { name: button, exact: true }).press("Enter");
  const dialog = hotline.getByRole("dialog");
  await expect(dialog).toBeVisible();
  if (message !== undefined) await dialog.getByLabel("Message à l’écran").fill(message);
  await dialog.getByRole("button", { name: confirm, exact: true }).press("Enter");
  await expect(dialog).toHaveCount(0);
}

test("the list shows the booth, on the map too", async () => {
  hotline = await world.open(world.urls["hotline"]!);
  await signIn(hotline, world.accounts["hotline"]!);
  const row = hotline.getByRole("row", { name: /^démonstration/ });
  await expect(row).toContainText("En ligne");
  await expect(row).toContainText("Libre");
  // The hub's answer has a round trip by the second status.
  await expect(row).toContainText(/\d+ ms/, { timeout: 30_000 });
  await expect(hotline.getByRole("img", { name: /^Carte de 1 borne/ })).toBeVisible();
  await accessible(hotline);
  await picture(hotline, "list");
});

test("search and filters", async () => {
  const search = hotline.getByLabel("Rechercher une borne");
  await search.fill("DEMONSTRATION"); // neither capitals nor accents matter
  await expect(hotline.getByText("1 borne affichée")).toBeVisible();
  await search.fill("gien");
  await expect(hotline.getByText("Aucune borne ne correspond.")).toBeVisible();
  await search.fill("");
  await hotline.getByLabel("État").selectOption("Silencieuses");
  await expect(hotline.getByText("Aucune borne ne correspond.")).toBeVisible();
  await hotline.getByLabel("État").selectOption("En ligne");
  await expect(hotline.getByText("1 borne affichée")).toBeVisible();
  await hotline.getByLabel("État").selectOption("Toutes");
});

test("the booth's own page tells how it is, and how it has been", async () => {
  await hotline.getByRole("link", { name: "démonstration" }).press("Enter");
  await expect(hotline.getByRole("heading", { level: 1, name })).toBeFocused();
  const value = (field: string) => hotline.locator("dl > div", { has: hotline.getByText(field, { exact: true }) }).locator("dd");
  await expect(value("Horloge")).toHaveText("à l’heure");
  await expect(value("Liaison avec le serveur")).toHaveText(/\d+ ms/);
  await expect(value("Caméra")).toHaveText("simulé");
  await expect(value("Détecteurs de présence")).toHaveText("aucun");
  await expect(value("Vague de mise à jour")).toHaveText("Un dixième");
  // This is no Raspberry Pi, and no panel is its own: what is not known is not made up.
  await expect(value("Alimentation")).toHaveText("non communiqué");
  await expect(value("Écran")).toHaveText("non communiqué");
  await expect(hotline.getByRole("region", { name: "Historique" }).getByRole("row")).toHaveCount(2);
  await accessible(hotline);
});

test("out of service, with a message on the screen, and back", async () => {
  await hotline.getByRole("button", { name: "Mettre hors service" }).press("Enter");
  await expect(hotline.getByRole("dialog", { name: `Mettre ${name} hors service ?` })).toBeVisible();
  await accessible(hotline);
  await picture(hotline, "dialog");
  // Nothing is done before somebody says so, and the keyboard is back where it was.
  await hotline.keyboard.press("Escape");
  await expect(hotline.getByRole("dialog")).toHaveCount(0);
  await expect(hotline.getByRole("button", { name: "Mettre hors service" })).toBeFocused();
  await expectHome(touchscreen);

  await act("Mettre hors service", "Mettre hors service", "Réparation jeudi matin.");
  await expect(touchscreen.getByRole("heading", { name: "La borne est hors service" })).toBeVisible();
  await expect(touchscreen.getByText("Réparation jeudi matin.")).toBeVisible();
  await expect(touchscreen.getByText("S-A")).toBeVisible();
  await accessible(touchscreen);
  await picture(touchscreen, "touchscreen");
  await expect(hotline.getByText("Message à l’écran : « Réparation jeudi matin. »")).toBeVisible();
  await act("Remettre en service", "Remettre en service");
  await expectHome(touchscreen);
});

test("a restart waits for the citizen, and out of service outlives it", async () => {
  await touchscreen.getByRole("button", { name: /^CAF\b/ }).tap();
  await act("Redémarrer le service", "Redémarrer le service");
  await expect(hotline.getByText("Le redémarrage du service attend que plus personne ne soit là.")).toBeVisible();
  await act("Mettre hors service", "Mettre hors service", "");
  await expect(touchscreen.getByRole("button", { name: /^Appeler/ })).toBeVisible();
  await touchscreen.getByRole("button", { name: /^(Retour|Accueil)/ }).first().tap();
  await expect(touchscreen.getByRole("heading", { name: "La borne redémarre" })).toBeVisible();
  await expect(touchscreen.getByRole("heading", { name: "La borne est hors service" })).toBeVisible({ timeout: 45_000 });
  await expect(hotline.getByText("Le redémarrage du service attend")).toHaveCount(0);
  await act("Remettre en service", "Remettre en service");
  await expectHome(touchscreen);
});

test("self-test, test call and log", async () => {
  await expect(hotline.getByRole("button", { name: "Autotest" })).toBeEnabled();
  await act("Autotest", "Lancer l’autotest");
  await expect(touchscreen.getByRole("heading", { name: "La borne vérifie son matériel" })).toBeVisible();
  await expect(hotline.getByText(/Tout fonctionne, |haut-parleur : pas vérifié/)).toBeVisible({ timeout: 60_000 });

  await act("Appel d’essai", "Lancer l’appel d’essai");
  // The room's wiring is what it is in a namespace with nothing but loopback; the way to the hub and its relay is what counts.
  await expect(hotline.getByText(/^Relais TURN, UDP : Bon/)).toBeVisible({ timeout: 60_000 });
  await expect(hotline.getByText(/Les appels (ne )?passent/)).toBeVisible({ timeout: 60_000 });

  await act("Relever le journal", "Relever le journal");
  const log = hotline.getByRole("region", { name: "Lignes du journal" });
  await expect(log).toContainText("the hotline collects the log");
  await expect(log).not.toContainText("phase changed");
  await accessible(hotline);
  await hotline.screenshot({ path: join(test.info().project.outputDir, "hotline-detail.png"), fullPage: true });
});

/** A booth as the hub tells it, with what a test says of it. */
function told(id: string, site: string, latitude: number, longitude: number, more: object = {}): object {
  return {
    id, name: `Espace Services Publics de ${site}`, known: true, position: { latitude, longitude }, state: "up", seen_at: "2026-11-24T10:00:00Z", troubles: [], ring: "all",
    out_of_service: null, version: "1.4.2", phase: "none", since: "2026-11-24T09:00:00Z", encoder: "bcm2835-codec-encode", encoder_reason: "hardware", simulated: [], warnings: [],
    health: { temperature_c: 52, power: "good", disk_free_mb: 24100, disk_mb: 28300, screen: "shown" }, clock_offset_s: 0, round_trip_ms: 31, pending: "", update: null, help: null, company: "",
    configuration: { version: 1, coming: null, coming_from: null, booth: null },
    device_check: null, test_call: null, sound: null, last_call: { half_day: "2026-11-24-am" }, ...more,
  };
}

test("a département: states by shape and word, troubles to filter by", async () => {
  const page = await world.open("about:blank");
  await page.routeWebSocket("**/hotline/socket", (socket) => socket.send(JSON.stringify({
    seq: 1,
    booths: [
      told("beaune-la-rolande", "Beaune-la-Rolande", 48.071, 2.431, { phase: "in_call", sound: { echo: "good", echo_reduced_db: 38, made_up_per_mille: 4 } }),
      told("gien", "Gien", 47.685, 2.63, { troubles: ["hot", "microphone_silent"], warnings: ["hot"], health: { temperature_c: 83, power: "low" } }),
      told("jargeau", "Jargeau", 47.866, 2.123, { out_of_service: { message: "Réparation jeudi.", by: "hotline", since: "2026-11-24T08:00:00Z" } }),
      told("lorris", "Lorris", 47.889, 2.514, { state: "silent", troubles: ["silent"] }),
      told("meung-sur-loire", "Meung-sur-Loire", 47.828, 1.697, { pending: "machine", phase: "waiting" }),
      told("montargis", "Montargis", 47.997, 2.733, { troubles: ["under_voltage"], warnings: ["under_voltage"] }),
      told("patay", "Patay", 48.047, 1.695, { state: "never", seen_at: null, version: "", phase: "", health: null, last_call: null, round_trip_ms: null, clock_offset_s: null }),
      told("pithiviers", "Pithiviers", 48.172, 2.252, { update: { state: "loading", version: "1.5.0", percent: 40 } }),
    ],
  })));
  await page.goto(world.urls["hotline"]!);
  await signIn(page, world.accounts["hotline"]!);
  await expect(page.getByText("8 bornes affichées")).toBeVisible();
  await expect(page.getByText("6 sur 8 en ligne").or(page.getByText("6 sur 8"))).toBeVisible();
  await accessible(page);
  await picture(page, "fleet");
  await page.getByLabel("Signalement").selectOption("Micro : muet");
  await expect(page.getByText("1 borne affichée")).toBeVisible();
  await page.getByLabel("Signalement").selectOption("Tous");
  await page.getByLabel("État").selectOption("À voir");
  await expect(page.getByText("3 bornes affichées")).toBeVisible();
  await page.setViewportSize({ width: 400, height: 800 });
  await accessible(page);
  await picture(page, "narrow");
  await page.close();
});

test("back to the list", async () => {
  await hotline.getByRole("link", { name: "Toutes les bornes" }).click();
  await expect(hotline.getByRole("heading", { level: 1, name: "Bornes" })).toBeVisible();
});
