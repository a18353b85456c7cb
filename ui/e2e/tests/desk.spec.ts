// The adviser's day at the desk: the self-test, pauses, a page that is loaded anew in mid-call, passing a call on, and
// calling a booth back whose line broke.

import { expect, test, type Locator, type Page } from "@playwright/test";
import { join } from "node:path";
import { writeClip } from "../media";
import { pause, World } from "../rig";
import { accessible, answer, call, expectHome, expectTalk, inCall } from "../steps";

/** A citizen of Gien and an adviser of the CAF in a call. */
async function talking() {
  const site = world.site("gien");
  await world.startHub();
  const booth = await world.startBooth(site);
  const touchscreen = await world.touchscreen(booth.url);
  const desk = await world.desk("caf", { clip });
  await call(touchscreen, "CAF");
  await answer(desk);
  await expectTalk(touchscreen, desk);
  return { site, booth, touchscreen, desk };
}

/** Touches what answers a question, as somebody who has read it: for a moment, it takes no finger that was there already. */
async function consent(button: Locator): Promise<void> {
  await expect(button).toBeVisible();
  await pause(900);
  await button.tap();
}

let world: World;
let clip: string;
test.beforeEach(() => {
  world = new World();
  clip = join(world.directory, "clip.y4m");
  writeClip(clip);
});
test.afterEach(async () => {
  await world.close();
});

async function expectAccessible(page: Page): Promise<void> {
  await accessible(page, inCall);
}

/** A PDF of empty pages of two sizes, so that they can be told apart. */
function pdf(): Buffer {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] >>",
  ];
  let text = "%PDF-1.4\n";
  const at = objects.map((body, i) => {
    const offset = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("")}`;
  return Buffer.from(`${text}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`, "latin1");
}

const seconds = (text: string | null) => Number(text?.match(/(\d+) s/)?.[1] ?? -1);

test("desk: the self-test, pauses with a reason, and the line with ages", async () => {
  const site = world.site("gien");
  await world.startHub();
  const touchscreen = await world.touchscreen((await world.startBooth(site)).url);
  const desk = await world.desk("caf", { clip });
  await expect(desk.getByText("Avant le premier appel")).toBeVisible();
  await desk.getByRole("button", { name: "Tester mon matériel" }).click();
  await expect(desk.getByRole("heading", { name: "Test du matériel" })).toBeVisible();
  await expect.poll(() => desk.locator("#preview").evaluate((v: HTMLVideoElement) => v.videoWidth)).toBeGreaterThan(0);
  await expect(desk.getByText("Le micro vous entend.")).toBeVisible();
  const microphones = desk.getByLabel("Micro", { exact: true });
  await expect.poll(() => microphones.locator("option").count()).toBeGreaterThan(1);
  const chosen = (await microphones.locator("option").nth(1).getAttribute("value"))!;
  await microphones.selectOption(chosen);
  await expect(desk.getByText("Le micro vous entend.")).toBeVisible();
  await desk.getByRole("button", { name: "Jouer un son" }).click();
  await expectAccessible(desk);
  await desk.getByRole("button", { name: "Tout fonctionne" }).click();
  await expect(desk.getByRole("heading", { name: "Test du matériel" })).toHaveCount(0);
  await desk.reload();
  await expect(desk.getByRole("switch", { name: "Disponible" })).toBeChecked();
  await expect(desk.getByText("Avant le premier appel")).toHaveCount(0);
  expect(await desk.evaluate(() => JSON.parse(localStorage.getItem("visioborne.devices")!))).toMatchObject({ microphone: chosen, tested: true });

  // One click is a pause, another ends it; by the keyboard as well.
  await desk.getByRole("button", { name: "Réunion" }).focus();
  await desk.keyboard.press("Enter");
  await expect(desk.getByRole("switch", { name: "Disponible" })).not.toBeChecked();
  await expect(desk.getByRole("heading", { name: /réunion/ })).toBeVisible();
  await call(touchscreen, "CAF");
  const age = desk.getByText(/attend depuis/);
  await expect(age).toBeVisible();
  await expect(desk).toHaveTitle(/^\(1\)/);
  const first = seconds(await age.textContent());
  await expect.poll(async () => seconds(await age.textContent())).toBeGreaterThan(first + 1);
  await expectAccessible(desk);
  await desk.getByRole("switch", { name: "Disponible" }).focus();
  await desk.keyboard.press("Space");
  await expect(desk.getByRole("button", { name: "Répondre" })).toBeVisible();
  await expect(desk.getByRole("button", { name: "Réunion" })).toHaveAttribute("aria-pressed", "false");
  await expect(desk).toHaveTitle(/Appel entrant/);
});

test("desk: a page that is loaded anew in mid-call has its call back", async () => {
  const { touchscreen, desk } = await talking();
  await desk.getByRole("button", { name: "Micro allumé" }).click();
  await expect(touchscreen.getByText("Le conseiller a coupé son micro")).toBeVisible();
  await touchscreen.getByRole("button", { name: "Caméra allumée" }).tap();
  await expect(desk.getByText("L’usager a coupé sa caméra")).toBeVisible();

  const interrupted = expect(touchscreen.getByRole("alert").filter({ hasText: "La ligne est coupée" })).toBeVisible();
  await desk.reload();
  await interrupted;
  await expect(touchscreen.getByText("La ligne est coupée")).toHaveCount(0, { timeout: 30_000 });
  // What each had switched off is still off.
  await expect(desk.getByRole("button", { name: "Micro coupé" })).toBeVisible();
  await expect(touchscreen.getByText("Le conseiller a coupé son micro")).toBeVisible();
  await expect(desk.getByText("L’usager a coupé sa caméra")).toBeVisible();
  await touchscreen.getByRole("button", { name: "Caméra coupée" }).tap();
  await expectTalk(touchscreen, desk);
  await touchscreen.getByRole("button", { name: "Raccrocher" }).tap();
  await expect(desk.getByRole("button", { name: "Raccrocher" })).toHaveCount(0);
  await expectHome(touchscreen);
});

test("desk: a call is passed on to another partner, and comes back when nobody is there", async () => {
  const { touchscreen, desk: caf } = await talking();
  await caf.getByRole("button", { name: "Transférer" }).click();
  // Nobody is at the CPAM's: the adviser can say its number.
  await expect(caf.getByText("Personne n’est là. Téléphone : 3646")).toBeVisible();
  const cpam = await world.desk("cpam", { clip });
  await expectAccessible(caf);
  await caf.getByRole("button", { name: "Transférer à CPAM" }).click();
  await expect(touchscreen.getByText("CAF vous passe à CPAM.")).toBeVisible();
  await expect(touchscreen.getByText("Caméra et micro éteints")).toBeVisible();
  await expect(caf.getByRole("button", { name: "Raccrocher" })).toHaveCount(0);
  await expect(cpam.getByRole("alertdialog")).toContainText("transféré par CAF");
  await answer(cpam);
  await expectTalk(touchscreen, cpam);

  // The CPAM passes back; the CAF's adviser does not want it, and nobody else is there.
  await cpam.getByRole("button", { name: "Transférer" }).click();
  await cpam.getByRole("button", { name: "Transférer à CAF" }).click();
  await caf.getByRole("button", { name: "Refuser" }).click({ timeout: 20_000 });
  await expect(touchscreen.getByText(/CAF n’a personne/)).toBeVisible({ timeout: 40_000 });
  await expect(touchscreen.getByText("3230")).toBeVisible();
  await accessible(touchscreen);
  await expect(cpam.getByRole("alertdialog")).toContainText("revient : personne chez CAF", { timeout: 20_000 });
  await answer(cpam);
  await expectTalk(touchscreen, cpam);
});

test("desk: a booth that dropped is called back, and nothing opens before the citizen accepts", async () => {
  const { site, booth: first, touchscreen, desk } = await talking();
  let booth = first;

  await booth.kill("SIGKILL");
  booth = await world.startBooth(site);
  await expectHome(touchscreen);
  const back = desk.getByRole("button", { name: "Rappeler" });
  await expect(back).toBeVisible({ timeout: 30_000 });
  await expectAccessible(desk);
  await back.click();
  await expect(touchscreen.getByRole("heading", { name: /CAF, vous rappelle/ })).toBeVisible();
  await expect(touchscreen.getByText("Caméra et micro éteints")).toBeVisible();
  await accessible(touchscreen);
  await desk.getByRole("button", { name: "Ne plus rappeler" }).click();
  await expectHome(touchscreen);
  await back.click();
  await consent(touchscreen.getByRole("button", { name: "Accepter" }));
  await expectTalk(touchscreen, desk);

  // Once somebody else is there, nobody is called back.
  await booth.kill("SIGKILL");
  await world.startBooth(site);
  await expect(back).toBeVisible({ timeout: 30_000 });
  await expectHome(touchscreen);
  await touchscreen.getByRole("button", { name: /^CPAM/ }).tap();
  await expect(back).toHaveCount(0);
});

test("desk: what is written in a call is read at the booth, answered by a touch, and gone with the call", async () => {
  const { booth, touchscreen, desk } = await talking();
  await desk.getByRole("button", { name: "Écrire" }).click();
  const field = desk.getByLabel("Message à l’usager");
  await field.fill("Votre numéro : 7654321");
  await field.press("Enter");
  await expect(field).toHaveValue("");
  await expect(touchscreen.getByRole("log")).toContainText("Votre numéro : 7654321");
  await touchscreen.getByRole("button", { name: "Pouvez-vous répéter ?" }).tap();
  await expect(desk.getByRole("log")).toContainText("Usager Pouvez-vous répéter ?");
  await expectAccessible(touchscreen);
  await expectAccessible(desk);
  await touchscreen.getByRole("button", { name: "Raccrocher" }).tap();
  await expect(touchscreen.getByText("Votre numéro : 7654321")).toHaveCount(0);
  await expect(desk.getByText("Votre numéro : 7654321")).toHaveCount(0);
  expect(booth.output + world.hub!.output).not.toContain("7654321");
});

test("desk: a document is shown at the booth page by page, and gone with the call", async () => {
  const { touchscreen, desk } = await talking();
  const shown = touchscreen.getByRole("img", { name: "Document montré par le conseiller" });
  const size = () => shown.evaluate((i: HTMLImageElement) => (i.complete ? `${i.naturalWidth}x${i.naturalHeight}` : ""));

  await desk.getByRole("button", { name: "Document" }).click();
  const file = desk.getByLabel("Choisir un PDF ou une image");
  await file.setInputFiles({ name: "avis.pdf", mimeType: "application/pdf", buffer: pdf() });
  await expect(shown).toBeVisible();
  await expect.poll(size).toBe("1272x1800");
  await expect(touchscreen.getByText("page 1 sur 2")).toBeVisible();
  await expectTalk(touchscreen, desk);
  await expectAccessible(touchscreen);
  await expectAccessible(desk);
  await desk.getByRole("button", { name: "Page suivante" }).click();
  await expect(touchscreen.getByText("page 2 sur 2")).toBeVisible();
  await expect.poll(size).toBe("1800x1272");
  const address = (await shown.getAttribute("src"))!;
  await desk.getByRole("button", { name: "Ne plus montrer" }).click();
  await expect(shown).toHaveCount(0);

  // A picture, large enough to come in many pieces: noise.
  const noise = Buffer.from((await desk.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1500;
    const context = canvas.getContext("2d")!;
    const pixels = context.createImageData(1500, 1500);
    for (let i = 0; i < pixels.data.length; i++) pixels.data[i] = (i & 3) === 3 ? 255 : Math.random() * 256;
    context.putImageData(pixels, 0, 0);
    return canvas.toDataURL("image/png").split(",")[1]!;
  })), "base64");
  await file.setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: noise });
  await expect.poll(size, { timeout: 30_000 }).toBe("1500x1500");
  await file.setInputFiles({ name: "lettre.doc", mimeType: "application/msword", buffer: Buffer.from("une lettre") });
  await expect(desk.getByText("ni une image ni un PDF")).toBeVisible();
  await touchscreen.getByRole("button", { name: "Raccrocher" }).tap();
  await expect(shown).toHaveCount(0);
  expect(await touchscreen.evaluate(async (path) => (await fetch(path)).status, address)).toBe(404);
});

test("desk: a photo of a paper is taken when the citizen agrees, and only then", async () => {
  const { touchscreen, desk } = await talking();
  await desk.getByRole("button", { name: "Document" }).click();
  await desk.getByRole("button", { name: "Demander une photo" }).click();
  const ask = touchscreen.getByRole("alertdialog");
  await expect(ask).toContainText("Le conseiller demande une photo");
  await expectAccessible(touchscreen);
  await consent(ask.getByRole("button", { name: "Refuser" }));
  await expect(desk.getByText("L’usager a refusé.")).toBeVisible();
  await expect(ask).toHaveCount(0);
  // A finger that meant what was there before agrees to nothing.
  await touchscreen.evaluate(() => {
    new MutationObserver((_, observer) => {
      const accept = [...document.querySelectorAll("button")].find((b) => b.textContent?.trim() === "Accepter");
      if (!accept) return;
      observer.disconnect();
      accept.click();
    }).observe(document.body, { childList: true, subtree: true });
  });
  await desk.getByRole("button", { name: "Demander une photo" }).click();
  await expect(ask).toBeVisible();
  await pause(500);
  await expect(ask.getByRole("button", { name: "Accepter" })).toBeVisible();
  await consent(ask.getByRole("button", { name: "Accepter" }));
  const picture = desk.getByRole("img", { name: "Photo du document" });
  await expect(picture).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => picture.evaluate((i: HTMLImageElement) => `${i.naturalWidth}x${i.naturalHeight}`)).toBe("1920x1080");
  await expectAccessible(desk);
  await expectTalk(touchscreen, desk); // the camera films again
  const [download] = await Promise.all([desk.waitForEvent("download"), desk.getByRole("link", { name: "Enregistrer" }).click()]);
  expect(download.suggestedFilename()).toMatch(/^document-.*\.jpg$/);
  await desk.getByRole("button", { name: "Effacer" }).click();
  await expect(picture).toHaveCount(0);
});

/** What has the focus, as a person reads it, and whether its outline can be seen. */
async function focused(page: Page): Promise<{ name: string; seen: boolean }> {
  return page.evaluate(() => {
    const e = document.activeElement!;
    return { name: (e.getAttribute("aria-label") ?? e.textContent ?? "").trim() || e.tagName, seen: e.matches(":focus-visible") && getComputedStyle(e).outlineStyle !== "none" };
  });
}

/** Goes on by Tab, or back, to what is named so, and acts on it. */
async function reach(page: Page, name: string | RegExp, key: string): Promise<void> {
  for (let i = 0; i < 40; i++) {
    const at = await focused(page);
    if (typeof name === "string" ? at.name === name : name.test(at.name)) {
      expect(at.seen, `the focus on ${at.name} is seen`).toBe(true);
      await page.keyboard.press(key);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`no Tab leads to ${name}`);
}

test("desk: a whole call by the keyboard alone, told in a notice behind another window", async () => {
  const site = world.site("gien");
  await world.startHub();
  const touchscreen = await world.touchscreen((await world.startBooth(site)).url);
  const desk = await world.desk("caf", { clip });
  await desk.context().grantPermissions(["notifications"]);
  await desk.addInitScript(() => {
    const notices: string[] = [];
    class Notice {
      static readonly permission = "granted";
      static requestPermission = () => Promise.resolve("granted");
      onclick: (() => void) | undefined;
      constructor(private readonly title: string, options: { body: string }) {
        notices.push(`${title}: ${options.body}`);
      }
      close() {
        notices.push(`${this.title} closed`);
      }
    }
    let away = false;
    Object.assign(window, { Notification: Notice, notices, leave: (to: boolean) => (away = to) });
    const hasFocus = document.hasFocus.bind(document);
    document.hasFocus = () => !away && hasFocus();
  });
  await desk.reload();
  const notices = () => desk.evaluate(() => (window as unknown as { notices: string[] }).notices);
  const leave = (to: boolean) => desk.evaluate((away) => (window as unknown as { leave: (to: boolean) => void }).leave(away), to);
  await expect(desk.getByRole("switch", { name: "Disponible" })).toBeChecked();
  await desk.bringToFront();

  // The page is in front: it needs no notice, and leads to the button that answers.
  await call(touchscreen, "CAF");
  await expect(desk.getByRole("button", { name: "Répondre" })).toBeFocused();
  expect(await notices()).toEqual([]);
  await reach(desk, "Refuser", "Enter");
  await expect(desk.getByRole("button", { name: "Répondre" })).toHaveCount(0);
  await expect.poll(async () => (await focused(desk)).name, { message: "the focus is not lost" }).not.toBe("BODY");

  // Behind another window there is one, until the call is answered.
  await leave(true);
  await reach(desk, "Disponible", "Space");
  await expect(desk.getByRole("button", { name: "Répondre" })).toBeFocused();
  await expect.poll(notices).toEqual(["Appel entrant: Espace Services Publics de démonstration"]);
  await leave(false);
  await desk.keyboard.press("Enter");
  await expectTalk(touchscreen, desk);
  expect(await notices()).toEqual(["Appel entrant: Espace Services Publics de démonstration", "Appel entrant closed"]);
  await expect.poll(async () => (await focused(desk)).name, { message: "the focus is not lost" }).toContain("démonstration");
  const [theirs, own] = [await desk.locator("#citizen").boundingBox(), await desk.locator("#own").boundingBox()];
  expect(theirs!.width, "the citizen is large").toBeGreaterThan(3 * own!.width);
  expect(theirs!.height).toBeGreaterThan(300);

  await reach(desk, /^Micro/, "Space");
  await expect(touchscreen.getByText("Le conseiller a coupé son micro")).toBeVisible();
  await desk.keyboard.press("Space");
  await reach(desk, /^Caméra/, "Enter");
  await expect(touchscreen.getByText("Le conseiller a coupé sa caméra")).toBeVisible();
  await desk.keyboard.press("Enter");
  await reach(desk, /^Écrire/, "Enter");
  await reach(desk, "INPUT", "B");
  await desk.keyboard.type("onjour");
  await desk.keyboard.press("Enter");
  await expect(touchscreen.getByRole("log")).toContainText("Bonjour");
  await reach(desk, "Transférer", "Enter");
  await expect(desk.getByRole("heading", { name: /autre partenaire/ })).toBeVisible();
  await reach(desk, "Raccrocher", "Enter");
  await expect(desk.locator("#citizen")).toHaveCount(0);
  await expect.poll(async () => (await focused(desk)).name, { message: "the focus is not lost" }).not.toBe("BODY");
});
