// The hotline changes a site's configuration: a mistake is shown at its line, a right
// one goes to the site's manager first, a citizen in a call notices nothing, and the
// booth has it afterwards, without its hub too.

import { expect, test, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hubAddress, Process, root, World } from "../rig";
import { accessible, adviserPicture, answer, call, expectHome } from "../steps";

test.describe.configure({ mode: "serial" });

let world: World;
let site: string;
let folder: string;
let mail: Process;
let booth: Process & { url: string };
let touchscreen: Page;
let desk: Page;
let hotline: Page;

const startBooth = () => world.startBooth(site, { flags: ["-state", folder] });

test.beforeAll(async () => {
  world = new World();
  site = world.site("gien", (yaml) => yaml.replace(/^name: .*$/m, "name: Espace Services Publics de Gien").replace(/^partners:$/m, "managers: [accueil@gien.example.fr]\n\npartners:"));
  mail = new Process("mail", "ip", ["netns", "exec", world.hubSide.name, "node", join(root, "ui/e2e/mail.mjs"), "2525"]);
  await mail.printed(/^mail server ready$/m);
  const alerts = join(world.directory, "alerts.yaml");
  writeFileSync(alerts, "mail: {server: '127.0.0.1:2525', tls: none, from: visioborne@example.fr, to: [assistance@example.fr]}\n");
  await world.startHub(["-alerts", alerts]);
  // What an enrolment leaves behind.
  folder = join(world.directory, "booth");
  mkdirSync(folder);
  const keep = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  keep("site.yaml", readFileSync(site));
  keep("partners.yaml", readFileSync(world.partners()));
  keep("hub.json", JSON.stringify({ hub: `ws://${hubAddress}:8090`, site: "gien", password: "", pin: "000000", time_key: "" }));
  keep("booth.creds", execFileSync(join(root, "build/hub"), ["booth", "credentials", "-state", join(world.directory, "hub"), "gien"]));
  booth = await startBooth();
  desk = await world.desk("caf");
  touchscreen = await world.touchscreen(booth.url);
  hotline = await world.hotline();
});

test.afterAll(async () => {
  await mail?.kill();
  await world?.close();
});

const picture = async (page: Page, what: string) => {
  for (const [width, height] of [[1280, 800], [800, 480]] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(test.info().project.outputDir, `sites-${what}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
};

const text = () => hotline.getByRole("textbox", { name: /^Fichier du site/ });
const onBooth = () => hotline.locator("dl > div", { has: hotline.getByText("Sur la borne", { exact: true }) }).locator("dd");
const verify = () => hotline.getByRole("button", { name: "Vérifier et voir ce qui change" }).click();

async function edit(change: (yaml: string) => string): Promise<void> {
  await text().fill(change(await text().inputValue()));
}

test("a mistake is shown at its line", async () => {
  await hotline.getByRole("link", { name: "Gien", exact: true }).click();
  await hotline.getByRole("link", { name: "Voir ou modifier" }).click();
  await expect(hotline.getByRole("heading", { level: 2, name: "Espace Services Publics de Gien", exact: true })).toBeVisible();
  await expect(onBooth()).toHaveText("version 1, à jour");
  await expect(text()).toHaveValue(/^id: gien$/m);
  await edit((yaml) => yaml.replace(/^phone:/m, "phoen:"));
  const line = (await text().inputValue()).split("\n").findIndex((l) => l.startsWith("phoen:")) + 1;
  await verify();
  await expect(hotline.getByRole("heading", { name: "2 erreurs à corriger" })).toBeFocused();
  const list = hotline.locator("#mistakes-list");
  await expect(list).toContainText(`Ligne ${line} phoen: is not a known field; did you mean "phone"?`);
  await expect(text()).toHaveAttribute("aria-invalid", "true");
  // The note stands beside the very line.
  await expect(hotline.locator(".numbers .wrong").filter({ hasText: new RegExp(`^${line}$`) })).toHaveCount(1);
  const note = hotline.locator(`.note[data-line="${line}"]`);
  await expect(note).toBeVisible();
  const number = hotline.locator(".numbers span").nth(line - 1);
  expect(Math.abs((await note.boundingBox())!.y - (await number.boundingBox())!.y)).toBeLessThan(6);
  await picture(hotline, "mistake");
  await accessible(hotline);
  await list.getByRole("button", { name: `Ligne ${line}` }).click();
  await expect(text()).toBeFocused();
});

test("a citizen in a call notices nothing of a change, and the booth has it afterwards", async () => {
  await expectHome(touchscreen);
  await call(touchscreen, "CAF");
  await answer(desk);
  await expect(touchscreen.locator(adviserPicture)).toBeVisible();
  await edit((yaml) => yaml.replace(/^phoen:/m, "phone:").replace(/^name: .*$/m, "name: Espace Services Publics de Gien-le-Neuf"));
  await verify();
  await expect(hotline.getByRole("heading", { name: "Ce qui change par rapport à la version 1, en vigueur" })).toBeFocused();
  await expect(hotline.getByRole("row", { name: /retiré/ })).toContainText("name: Espace Services Publics de Gien");
  await expect(hotline.getByRole("row", { name: /ajouté/ })).toContainText("name: Espace Services Publics de Gien-le-Neuf");
  await hotline.getByLabel("Raison", { exact: true }).fill("Demande de la mairie");
  await hotline.getByLabel("Nature du changement").fill("Le nom de l’espace change.");
  await hotline.getByLabel("Correction urgente").check();
  await hotline.getByLabel("Raison de l’urgence").fill("Le nom est faux à l’écran.");
  await picture(hotline, "change");
  await accessible(hotline);
  await hotline.getByRole("button", { name: "Prévenir le responsable et mettre en vigueur" }).click();
  await expect(hotline.getByText(/^Le responsable a été prévenu. La version 2 est en vigueur/)).toBeVisible();
  const letter = (await mail.printed(/^letter to accueil@gien\.example\.fr: .*$/m))[0];
  for (const words of ["Le nom de l’espace change.", "Le nom est faux à l’écran.", "version 2"]) expect(letter.toLowerCase()).toContain(words.toLowerCase());
  await expect(onBooth()).toHaveText("version 2 reçue, appliquée à la fin de l’utilisation en cours");
  await expect(touchscreen.locator(adviserPicture)).toBeVisible();
  await expect(desk.getByRole("button", { name: "Raccrocher" })).toBeVisible();
  await desk.getByRole("button", { name: "Raccrocher" }).click();
  await expectHome(touchscreen);
  await expect(touchscreen.getByText("Gien-le-Neuf")).toBeVisible();
  await expect(onBooth()).toHaveText("version 2, à jour");
});

test("what is announced is on the booth and on the manager's page before it comes", async () => {
  await edit((yaml) => yaml.replace(/^languages:.*\n/m, "") + "languages: [fr]\n");
  await verify();
  await hotline.getByLabel("Raison", { exact: true }).fill("Une seule langue");
  await hotline.getByLabel("Nature du changement").fill("La borne ne propose plus l’anglais.");
  await hotline.getByRole("button", { name: "Prévenir le responsable et mettre en vigueur" }).click();
  await expect(hotline.getByText(/La version 3 sera en vigueur à partir du/)).toBeVisible();
  await expect(touchscreen.getByText(/^Mise à jour prévue le .* : La borne ne propose plus l’anglais\.$/)).toBeVisible();
  await expect(touchscreen.locator("header .language:not(.ear)")).toBeVisible();
  await picture(hotline, "history");
  await accessible(hotline);
  const manager = await world.figures();
  await expect(manager.getByRole("region", { name: "Changements annoncés sur les bornes" })).toContainText("La borne ne propose plus l’anglais.");
  await picture(manager, "announced");
  await accessible(manager);
  await hotline.goto(hotline.url().replace(/\/sites.*$/, "/hotline#gien"));
  await expect(hotline.getByText(/^version 2 en vigueur ; la borne l’applique ; version 3 annoncée pour le/)).toBeVisible();
});

test("without its hub the booth keeps it, after a new start too", async () => {
  await world.hub!.kill();
  await booth.kill();
  booth = await startBooth();
  touchscreen = await world.touchscreen(booth.url);
  await expect(touchscreen.getByText("Gien-le-Neuf")).toBeVisible({ timeout: 20_000 });
});
