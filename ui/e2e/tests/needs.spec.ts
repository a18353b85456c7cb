// The way to an adviser, counted in touches: for who knows the partner, and for
// who only knows what for. And the help that is on every screen.

import { expect, test, type Locator, type Page } from "@playwright/test";
import { join } from "node:path";
import { World } from "../rig";
import { accessible, answer, expectHome, inCall } from "../steps";

test.describe.configure({ mode: "serial" });

let world: World;
let touchscreen: Page;
let desk: Page;
let hotline: Page;

test.beforeAll(async () => {
  world = new World();
  const site = world.site("gien");
  await world.startHub();
  const booth = await world.startBooth(site);
  desk = await world.desk("caf");
  hotline = await world.hotline();
  touchscreen = await world.touchscreen(booth.url, { width: 800, height: 480 });
});

test.afterAll(async () => {
  await world?.close();
});

const button = (name: string | RegExp): Locator => touchscreen.getByRole("button", { name, exact: typeof name === "string" });
const help = (): Locator => touchscreen.getByRole("dialog", { name: "Aide" });

const picture = (page: Page, what: string) => page.screenshot({ path: join(test.info().project.outputDir, `needs-${what}.png`) });

/** Touches one thing after the other until a desk rings, and tells how many touches and seconds that took. */
async function reach(who: string, most: number, ...touches: (string | RegExp)[]): Promise<void> {
  await expectHome(touchscreen);
  const began = Date.now();
  for (const name of touches) await button(name).tap();
  await expect(desk.getByRole("button", { name: "Répondre" })).toBeVisible({ timeout: 20_000 });
  console.log(`${who}: ${touches.length} touches, ${((Date.now() - began) / 1000).toFixed(1)} s to an adviser`);
  expect(touches.length).toBeLessThanOrEqual(most);
}

/** Opens help and closes it: it is there, in the one place, and leaves what is below as it was. */
let place: { x: number; y: number; width: number; height: number } | undefined;
async function helpIsThere(below: Locator): Promise<void> {
  await expect(below).toBeVisible();
  const box = (await button("Aide").boundingBox())!;
  const first = place === undefined;
  place ??= box;
  expect(box, "the same corner, the same size").toEqual(place);
  await button("Aide").tap();
  await expect(help()).toContainText("02 38 25 45 45");
  await expect(below).toBeHidden();
  if (first) await accessible(touchscreen, inCall); // the layer is the same over every screen
  await button("Fermer l’aide").tap();
  await expect(help()).toHaveCount(0);
  await expect(below).toBeVisible();
}

test("who knows the partner touches twice", async () => {
  await reach("who knows the partner", 2, /^CAF/, "Appeler");
  await expect(desk.getByText("Besoin")).toHaveCount(0);
  await button("Annuler").tap();
  await expect(desk.getByRole("button", { name: "Répondre" })).toHaveCount(0);
});

test("who knows only the need touches at most four times, and the adviser reads it", async () => {
  await expect(touchscreen.getByRole("heading", { level: 1, name: "Quel est votre besoin ?" })).toBeVisible();
  await accessible(touchscreen, inCall);
  // A look into another group first: back is where it was.
  await button("Retraite").tap();
  await expect(button(/^Demander ma retraite/)).toBeVisible();
  await accessible(touchscreen, inCall);
  await button("Retour").tap();
  await reach("who knows only the need", 4, "Famille et aides", /^Être aidé pour payer mon loyer/, "Appeler");
  await expect(touchscreen.getByText("Votre besoin : Être aidé pour payer mon loyer")).toBeVisible();
  await expect(desk.getByText("Besoin : Être aidé pour payer mon loyer").first()).toBeVisible();
  await accessible(desk, inCall);
  await picture(desk, "desk");
});

test("help is over the call, and the call goes on", async () => {
  await answer(desk);
  const hangUp = button("Raccrocher");
  await expect(hangUp).toBeVisible({ timeout: 30_000 });
  await helpIsThere(hangUp);
  await expect(desk.getByText("Besoin : Être aidé pour payer mon loyer")).toBeVisible();
  await expect(desk.getByRole("button", { name: "Raccrocher" })).toBeVisible();
  await hangUp.tap();
  await helpIsThere(touchscreen.getByRole("heading", { name: "Merci de votre visite" }));
  await button("Retour à l’accueil").tap();
});

test("help is on every other screen too", async () => {
  await expectHome(touchscreen);
  await helpIsThere(touchscreen.getByRole("heading", { name: "Quel est votre besoin ?" }));
  await button("Droit et justice").tap();
  await helpIsThere(touchscreen.getByRole("heading", { name: "Droit et justice" }));
  await button(/^J’ai trop de dettes/).tap();
  await helpIsThere(button("Appeler"));
  await button("Appeler").tap();
  await helpIsThere(button("Annuler"));
  await button("Annuler").tap();
});

test("a call for help rings the hotline, who says that they have seen it", async () => {
  await expect(hotline.getByRole("link", { name: "démonstration" })).toBeVisible();
  await hotline.getByRole("searchbox").click(); // from then on the page may sound
  const tones = await hotline.evaluateHandle(() => {
    const counted = { n: 0 };
    const create = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
      counted.n++;
      return create.call(this);
    };
    return counted;
  });
  await expectHome(touchscreen);
  await button("Aide").tap();
  await button("Appeler l’assistance").tap();
  await expect(help()).toContainText("L’assistance est prévenue");
  const notice = hotline.getByRole("alert", { name: "Aide demandée" });
  await expect(notice).toContainText("Espace Services Publics de démonstration");
  await expect(hotline).toHaveTitle(/Aide demandée/);
  await expect.poll(() => tones.evaluate((c) => c.n), { message: "it rings" }).toBeGreaterThan(0);
  await accessible(hotline, inCall);
  await picture(hotline, "hotline");
  await notice.getByRole("button", { name: "Vu, je m’en occupe" }).click();
  await expect(notice).toHaveCount(0);
  await expect(help()).toContainText("L’assistance a vu votre demande");
  await accessible(touchscreen, inCall);
  await button("Fermer l’aide").tap();
});

test("without the hub help is the number", async () => {
  await world.hub!.kill("SIGKILL");
  await expect(touchscreen.getByText("Le réseau ne répond pas").first()).toBeVisible({ timeout: 30_000 });
  await button("Aide").tap();
  await expect(help()).toContainText("02 38 25 45 45");
  await expect(button("Appeler l’assistance")).toHaveCount(0);
  await button("Fermer l’aide").tap();
});
