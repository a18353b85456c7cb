// The spoken mode: somebody who does not see calls an adviser by ear, once with
// four keys and the screen never touched, once by the four zones alone.

import { expect, test, type Page } from "@playwright/test";
import { Ears } from "../ears";
import { World } from "../rig";
import { accessible, adviserPicture, answer, citizenPicture, expectHome } from "../steps";

test.describe.configure({ mode: "serial" });

let world: World;
let touchscreen: Page;
let desk: Page;
let ears: Ears;

test.beforeAll(async () => {
  world = new World();
  const site = world.site("gien", (yaml) => `${yaml}speech: {words_per_minute: 250}\n`);
  await world.startHub();
  const booth = await world.startBooth(site);
  desk = await world.desk("caf");
  touchscreen = await world.touchscreen(booth.url);
  ears = new Ears(touchscreen);
  await ears.open();
});

test.afterAll(async () => {
  await world?.close();
});

type Press = (key: "previous" | "next" | "repeat" | "choose") => Promise<void>;

const byKeys: Press = (key) => touchscreen.keyboard.press({ previous: "ArrowLeft", next: "ArrowRight", repeat: "Space", choose: "Enter" }[key]);

/** A finger that feels the frame's corners: as far out as it gets, and above that at the edge. */
const byZones: Press = async (key) => {
  const { width, height } = touchscreen.viewportSize()!;
  const x = key === "previous" || key === "repeat" ? 6 : width - 6;
  const y = key === "previous" || key === "next" ? height - 6 : height * 0.7;
  await touchscreen.touchscreen.tap(x, y);
  await touchscreen.waitForTimeout(200); // sooner, a touch of the same zone is part of the one before
};

const find = (press: Press, pattern: RegExp) => ears.find(() => press("next"), pattern);

test("a key begins the spoken mode, which says where one is and how to move", async () => {
  await expectHome(touchscreen);
  await expect(touchscreen.locator(".zones")).toHaveCount(0);
  await byKeys("next");
  await ears.expect(/^Mode vocal\. Espace Services Publics de démonstration\. .*Tout en bas à droite : suivant\..*Quel est votre besoin \?.* \d+ choix\. Appuyez sur suivant\.$/);
  await accessible(touchscreen);
  const before = (await ears.said()).length;
  await byKeys("repeat");
  expect(await ears.next(before)).toMatch(/^Mode vocal/);
});

test("a whole call by four keys and by ear, the screen never touched", async () => {
  test.setTimeout(180_000);
  await find(byKeys, /^Quel est votre besoin \?, titre\.$/);
  await byKeys("next");
  await byKeys("previous");
  await ears.expect(/^Quel est votre besoin \?, titre\.$/);
  const took = await ears.took();
  console.log(`from a key to the first sound of what it says: ${Math.round(took)} ms`);
  await find(byKeys, /^CAF, Caisse d’allocations familiales.*Conseiller disponible, bouton\.$/);
  await byKeys("choose");
  await ears.expect(/^Caisse d’allocations familiales.*Rien n’est enregistré\. .*2 choix\./);
  await find(byKeys, /^Appeler, bouton\.$/);
  await byKeys("choose");
  await ears.expect(/sonne chez un conseiller/); // the screen has changed by itself
  await answer(desk);
  await ears.expect(/^Un conseiller a répondu/);
  await expect(desk.locator(citizenPicture)).toBeVisible();
  await expect(touchscreen.locator(adviserPicture)).toBeVisible();
  await expect(touchscreen.locator(".overlay")).toHaveCount(0, { timeout: 30_000 }); // both are connected

  // In a talk nothing is said unasked.
  const talking = (await ears.said()).length;
  await touchscreen.waitForTimeout(3000);
  expect((await ears.said()).slice(talking)).toEqual([]);
  await accessible(touchscreen);

  await find(byKeys, /^Micro allumé, bouton, activé\.$/);
  await byKeys("choose");
  await ears.expect(/^Micro coupé, bouton, désactivé\.$/);
  await byKeys("choose");
  await ears.expect(/^Micro allumé, bouton, activé\.$/);
  await find(byKeys, /^Moins fort, bouton\.$/);
  await byKeys("choose");
  await ears.expect(/^Son : .*6\/10\.?$/);

  // What the adviser writes is told of, and not read to a whole room.
  await desk.getByRole("button", { name: "Écrire" }).click();
  const field = desk.getByLabel("Message à l’usager");
  await field.fill("Votre numéro d’allocataire est 1234567.");
  await field.press("Enter");
  await ears.expect(/^Nouveau message écrit du conseiller\.$/);
  await find(byKeys, /^Texte personnel\. Décrochez le combiné/); // past the end of the page, from its beginning
  expect((await ears.said()).join(" ")).not.toContain("1234567");

  // A consent is asked, and given or refused, by ear.
  await desk.getByRole("button", { name: "Document" }).click();
  await desk.getByRole("button", { name: "Demander une photo" }).click();
  await ears.expect(/^Le conseiller demande une photo de votre document\. .*2 choix\. Appuyez sur suivant\.$/);
  await find(byKeys, /^Refuser, bouton\.$/);
  await touchscreen.waitForTimeout(1000); // an answer that comes with the question is none
  await byKeys("choose");
  await expect(touchscreen.getByRole("alertdialog")).toHaveCount(0);

  await find(byKeys, /^Raccrocher, bouton\.$/);
  await byKeys("choose");
  await ears.expect(/^Merci de votre visite\./);
  await expect(touchscreen.locator(".zones"), "the spoken mode ends with the session").toHaveCount(0, { timeout: 30_000 });
  await expectHome(touchscreen);
});

test("by the four zones, through a reload, in another language, and out again", async () => {
  await touchscreen.setViewportSize({ width: 800, height: 480 });
  await touchscreen.getByRole("button", { name: "Écouter" }).tap();
  await ears.expect(/\d+ choix\. Appuyez sur suivant\.$/);
  await find(byZones, /^CPAM/);
  await byZones("choose");
  await ears.expect(/^Caisse primaire/);
  await accessible(touchscreen);
  await touchscreen.reload();
  await ears.open();
  await ears.expect(/^Mode vocal.*Caisse primaire/);
  await find(byZones, /^Choisissez votre langue.*Français.*bouton/);
  await byZones("choose");
  await find(byZones, /^English, bouton/);
  await byZones("choose");
  await ears.expect(/2 choices\. Press next\.$/);
  await find(byZones, /^Back, button\.$/);
  await byZones("choose");
  await ears.expect(/\d+ choices\. Press next\.$/); // still spoken
  await find(byZones, /^Louder, button\.$/);
  await byZones("choose");
  await ears.expect(/\d+\/10\.?$/);
  await find(byZones, /^Stop the voice, button, on\.$/);
  await byZones("choose");
  await expect(touchscreen.locator(".zones")).toHaveCount(0);
  await expect(touchscreen.getByRole("button", { name: "Listen" })).toBeVisible();
});
