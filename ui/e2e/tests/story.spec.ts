// The story of a call on the demonstration that `make run` starts, in real
// browsers, proved by what arrives at the far end.

import { expect, test, type Page } from "@playwright/test";
import { join } from "node:path";
import { backwards, boothSpeech, likeness, listen, readWAV, watch, writeClip, writeVoice } from "../media";
import { Alone, pause, signIn } from "../rig";
import { accessible, adviserPicture, answer, call, citizenPicture, expectAdvancing, expectHome, expectTalk, inCall, ownPicture } from "../steps";

test.describe.configure({ mode: "serial" });

let world: Alone;
let touchscreen: Page;
let desk: Page;
let clip: string;
let voice: string;

test.beforeAll(async () => {
  world = new Alone();
  clip = join(world.directory, "clip.y4m");
  voice = join(world.directory, "voice.wav");
  writeClip(clip);
  writeVoice(voice, "Bonjour, ici la caisse d'allocations familiales. Je vois votre dossier. Quel est votre numéro de téléphone ? Très bien, je vous remercie, je vérifie tout de suite.");
  await world.startDemo();
});

test.afterAll(async () => {
  await world?.close();
});

test("the touchscreen shows the partners in the site's order", async () => {
  touchscreen = await world.touchscreen();
  await expectHome(touchscreen);
  const names = await touchscreen.getByRole("button", { name: /^(CAF|CPAM|CARSAT|ADIL-EIE|CDAD)\b/ }).evaluateAll((all) =>
    all.map((b) => (b.getAttribute("aria-label") ?? b.textContent ?? "").trim().match(/^[A-Z-]+/)?.[0]),
  );
  expect(names).toEqual(["CAF", "CPAM", "CARSAT", "ADIL-EIE", "CDAD"]);
  // Nobody has signed in yet.
  await expect(touchscreen.getByRole("button", { name: /^CAF.*pas de conseiller/is })).toBeVisible();
});

test("an adviser signs in and becomes available", async () => {
  desk = await world.desk("caf", { clip, voice });
  await expect(desk.getByRole("switch", { name: "Disponible" })).toBeChecked();
  await expect(touchscreen.getByRole("button", { name: /^CAF.*pas de conseiller/is })).toHaveCount(0);
});

test("a wrong password is refused in plain words", async () => {
  const page = await world.open(world.urls["desk"]!);
  await page.getByLabel("Identifiant").fill(world.accounts["caf"]!.user);
  await page.getByLabel("Mot de passe").fill("faux");
  await page.getByRole("button", { name: "Se connecter" }).click();
  await expect(page.getByRole("alert")).toContainText("mot de passe");
});

test("the citizen calls, the desk rings, both see and hear each other", async () => {
  await call(touchscreen, "CAF");
  await expect(touchscreen.getByRole("button", { name: "Annuler" })).toBeVisible();
  await expect(desk.getByText("Espace Services Publics de démonstration").first()).toBeVisible();
  await answer(desk);
  await expectTalk(touchscreen, desk);

  // The simulated camera's frames reach the adviser, thirty times a second.
  const seen = await watch(desk, citizenPicture, 5000);
  expectAdvancing(seen, 20);
  for (const s of seen) expect(s.captured, "the frame carries its time").toBeGreaterThan(1e11);

  // The adviser's clip reaches the touchscreen's canvas.
  const clipSeen = await watch(touchscreen, adviserPicture, 3000);
  expect(clipSeen.length, "frames of the adviser's clip").toBeGreaterThan(40);
  for (const s of clipSeen) expect(s.frame).toBeLessThan(150);

  // A live talk has no captions yet; everything else holds for both pages.
  for (const page of [touchscreen, desk]) {
    await accessible(page, inCall);
  }

  // The citizen's own picture moves too.
  expect((await watch(touchscreen, ownPicture, 2000)).length).toBeGreaterThan(30);
});

test("the adviser hears the booth's microphone", async () => {
  const heard = await listen(desk, citizenPicture, 6000);
  const said = boothSpeech(world.directory);
  const alike = likeness(heard, said);
  const unlike = likeness(heard, backwards(said));
  console.log(`booth's voice at the desk: likeness ${alike.toFixed(2)}, backwards ${unlike.toFixed(2)}`);
  expect(alike).toBeGreaterThan(0.7);
  expect(alike - unlike).toBeGreaterThan(0.15);
});

test("the booth plays the adviser's voice", async () => {
  await pause(6000);
  const played = readWAV(join(world.directory, "speaker.wav"));
  const last = { rate: played.rate, samples: played.samples.slice(-6 * played.rate) };
  const said = readWAV(voice);
  const alike = likeness(last, said);
  const unlike = likeness(last, backwards(said));
  console.log(`adviser's voice at the booth: likeness ${alike.toFixed(2)}, backwards ${unlike.toFixed(2)}`);
  expect(alike).toBeGreaterThan(0.7);
  expect(alike - unlike).toBeGreaterThan(0.15);
});

test("the citizen switches microphone and camera off and on, and sets the volume", async () => {
  const micro = touchscreen.getByRole("button", { name: /micro/i });
  await micro.tap();
  await pause(700);
  const silence = await listen(desk, citizenPicture, 1500);
  const loudness = Math.sqrt(silence.samples.reduce((a, v) => a + v * v, 0) / silence.samples.length);
  expect(loudness, "a muted microphone is silent").toBeLessThan(0.002);
  await micro.tap();

  const camera = touchscreen.getByRole("button", { name: /caméra/i });
  await camera.tap();
  // What was under way, or waits in the desk's jitter buffer on a busy machine, is shown first; then it must stay still.
  await expect
    .poll(async () => (await watch(desk, citizenPicture, 1500)).length, { message: "a camera that is off sends no new picture", timeout: 15_000 })
    .toBeLessThanOrEqual(1); // the still picture itself
  await expect(desk.getByText(/caméra/i).filter({ hasText: /coupé|éteint/i }).first()).toBeVisible();
  await camera.tap();
  await expect.poll(async () => (await watch(desk, citizenPicture, 500)).length, { timeout: 10_000 }).toBeGreaterThan(5);

  const lower = touchscreen.getByRole("button", { name: /moins fort|baisser|volume.*(moins|−)/i });
  for (let step = 7; step >= 1; step--) {
    await lower.tap();
    await expect(touchscreen.getByText(new RegExp(`^Son\\s: .*, ${step}/10$`))).toBeVisible();
    await pause(350); // sooner, a touch at the same place is part of the one before
  }
  await expect(lower).toBeDisabled();
  const before = readWAV(join(world.directory, "speaker.wav")).samples.length;
  await pause(4000);
  const after = readWAV(join(world.directory, "speaker.wav")).samples.slice(before + 48000);
  expect(after.length, "the booth plays on").toBeGreaterThan(48000);
  const loudest = (samples: ArrayLike<number>) => Array.from(samples).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const most = loudest(after);
  expect(most, "at the lowest volume it is heard").toBeGreaterThan(0);
  expect(most, "and much softer").toBeLessThan(loudest(readWAV(join(world.directory, "speaker.wav")).samples) / 6);
});

test("a reloaded touchscreen is back in the call at once", async () => {
  await touchscreen.reload();
  await expect.poll(async () => (await watch(touchscreen, adviserPicture, 500)).length, { timeout: 10_000 }).toBeGreaterThan(3);
});

test("a second page watches and does not drive", async () => {
  const watcher = await world.touchscreen();
  await expect(watcher.getByText("Écran d’observation").or(watcher.getByText("Écran d'observation")).first()).toBeVisible();
  await expect(watcher.getByRole("button", { name: "Raccrocher" })).toBeDisabled();
  await watcher.close();
});

test("the citizen hangs up: the booth thanks and goes home, the desk is free again", async () => {
  await touchscreen.getByRole("button", { name: "Raccrocher" }).tap();
  await expect(touchscreen.getByText("Merci", { exact: false }).first()).toBeVisible();
  await expect(desk.getByRole("button", { name: "Raccrocher" })).toHaveCount(0);
  await expectHome(touchscreen);
});

test("the adviser hangs up: the booth thanks and goes home", async () => {
  await call(touchscreen, "CAF");
  await answer(desk);
  await expectTalk(touchscreen, desk);
  await desk.getByRole("button", { name: "Raccrocher" }).click();
  await expect(touchscreen.getByText("Merci", { exact: false }).first()).toBeVisible();
  await expectHome(touchscreen);
});

test("the hotline sees the booth", async () => {
  const hotline = await world.open(world.urls["hotline"]!);
  await signIn(hotline, world.accounts["hotline"]!);
  await expect(hotline.getByRole("link", { name: "démonstration" })).toBeVisible();
  await accessible(hotline);
});

test("the pages are accessible (axe)", async () => {
  for (const page of [touchscreen, desk]) {
    await accessible(page);
  }
});

test("Ctrl-C ends hub and booth cleanly", async () => {
  const code = await world.demo!.kill("SIGINT");
  expect(code, world.demo!.output).toBe(0);
});
