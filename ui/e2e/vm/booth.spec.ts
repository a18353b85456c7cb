// The image as a technician and a citizen meet it: flashed, powered on,
// enrolled with a code typed on its panel, and used for a call to a desk in a
// real browser. Everything is done by touches, and seen on the panel.

import { expect, test, type Locator, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { listen, readWAV, tones, watch, writeClip, writeTones } from "../media";
import { hubAddress, pause, Process, root, World } from "../rig";
import { answer, citizenPicture } from "../steps";
import { Machine, panel, wakeful, type Shot } from "./machine";

test.describe.configure({ mode: "serial" });

let world: World;
let machine: Machine;
// The same pages in a browser beside the machine: they say where to touch and what the panel should show.
let twin: Page;
let desk: Page;
const adviserTones = [620, 1130];
const hub = `ws://${hubAddress}:8090`;

async function middle(button: Locator): Promise<[number, number]> {
  const box = (await button.boundingBox())!;
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** What the hub's administrator types on its machine. */
const atHub = (command: string, ...operands: string[]) =>
  world.hubSide.run(join(root, "build/hub"), "booth", command, "-state", join(world.directory, "hub"), ...operands);

/** What a pixel of the adviser's clip is part of. */
function colour(shot: Shot, x: number, y: number): string {
  const [r, g, b] = shot.pixels.subarray(3 * (y * shot.width + x)) as unknown as [number, number, number];
  if (r > 150 && r > g + 25 && g > b + 15) return "skin";
  if (r < 60 && b > r + 20) return "jacket";
  return `${r},${g},${b}`;
}

test.beforeAll(async () => {
  world = new World();
  // Its loudspeaker is the sound card that the machine has.
  world.site("gien", (yaml) => wakeful(yaml.replace(/^ +speaker: simulated\n/m, "")));
  world.site("jumelle", wakeful);
  await world.startHub();
  machine = new Machine({ directory: world.directory, namespace: world.boothSide, settings: `hub: ${hub}\r\n`, speaker: join(world.directory, "speaker.wav") });
});

test.afterAll(async () => {
  await machine?.off();
  await world?.close();
});

test("a fresh card makes its file system and asks for a code", async () => {
  await machine.on(true);
  await machine.says(/init: making a file system on/, 60_000);
  await machine.says(/msg="browser ready"/, 240_000);
  // The emulated USB tablet and USB sound card were found.
  expect(machine.log()).toMatch(/part="touchscreen or pointer" found="[^"]*Tablet/);
  expect(machine.log()).toMatch(/part=speaker found="[^"]*pcmC0D0p/);

  // A booth without a site beside it, with the same settings.
  const settings = join(world.directory, "twin-settings");
  mkdirSync(settings);
  execFileSync("cp", [join(world.directory, "visioborne.yaml"), settings]);
  const unenrolled = new Process("twin", "ip", ["netns", "exec", world.boothSide.name, join(root, "build/kiosk"),
    "-addr", "127.0.0.1:8081", "-state", join(world.directory, "twin-state"), "-settings", settings]);
  await unenrolled.printed(/^touchscreen: http/m);
  twin = await world.touchscreen("http://127.0.0.1:8081/", panel);
  await expect(twin.getByRole("heading", { name: "Tapez le code d’inscription" })).toBeVisible();
  await machine.shows(twin, 60_000);

  // A wrong code says so, and the booth stays ready for the right one.
  const type = async (code: string) => {
    for (const key of code) {
      await machine.touch(...(await middle(twin.getByRole("button", { name: key, exact: true }))));
    }
    await machine.touch(...(await middle(twin.getByRole("button", { name: "Valider" }))));
  };
  await type("00000000");
  await machine.says(/refusal=unknown_code/, 30_000);
  const added = atHub("add", "gien");
  await type(added.split("\n")[0]!.replace("-", ""));
  await machine.says(/msg=enrolled/, 30_000);
  await unenrolled.kill();
});

test("it starts again as the booth of its site", async () => {
  await machine.says(/msg="hub reachable"/, 60_000);
  await machine.says(/msg="browser ready"/, 240_000, 2);
  const jumelle = await world.startBooth(join(world.directory, "jumelle.yaml"));
  twin = await world.touchscreen(jumelle.url, panel);
  await twin.evaluate(() => document.fonts.ready);
  await expect(twin.getByRole("button", { name: /^CAF/ })).toBeVisible();
  await machine.shows(twin, 120_000);
  const listed = atHub("list");
  expect(listed).toMatch(/^gien\tenrolled/m);
});

test("a technician holds the corner, types the PIN and reads what the network can carry", async () => {
  // The keypad's place, from the gallery in a browser beside the machine.
  const gallery = await twin.context().newPage();
  await gallery.route("http://gallery/**", (route) => {
    const path = new URL(route.request().url()).pathname;
    const file = join(root, "ui/dist", path.endsWith("/") ? `${path}index.html` : path);
    return existsSync(file) ? route.fulfill({ path: file }) : route.fulfill({ status: 404 }); // a document's page is the kiosk's
  });
  // As the page has it before a code, and after a wrong one: what it says then moves the keys.
  const keypad = async (wrong: boolean): Promise<(name: string) => Promise<[number, number]>> => {
    for (let index = 0; index < 200; index++) {
      await gallery.goto(`http://gallery/gallery/?index=${index}`);
      if ((await gallery.getByRole("heading", { name: "Tapez le code du technicien" }).count()) === 0) continue;
      if ((await gallery.getByText("Ce code n’est pas le bon.").count()) > 0 !== wrong) continue;
      await gallery.evaluate(() => document.fonts.ready);
      await pause(500);
      // What stands in the header of this booth moves them too, by half.
      const height = async (page: Page) => (await page.locator("header").boundingBox())!.height;
      const lower = ((await height(twin)) - (await height(gallery))) / 2;
      return async (name) => {
        const [x, y] = await middle(gallery.getByRole("button", { name, exact: true }));
        return [x, y + lower];
      };
    }
    throw new Error("the gallery does not show the keypad");
  };

  await machine.touch(30, 20, 6500);
  const pin = atHub("list").match(/^gien\t.*PIN (\d{6})/m)![1]!;
  for (const digits of [pin === "000000" ? "111111" : "000000", pin]) {
    const key = await keypad(digits === pin);
    for (const digit of digits) await machine.touch(...(await key(digit)));
    await machine.touch(...(await key("Valider")));
  }
  const [, verdict] = await machine.says(/msg="network checked" verdict=(\w+)/, 120_000);
  await machine.shot();
  machine.keepShot("technician");
  console.log(`the technician reads: ${verdict}`);
  expect(["go", "poor"]).toContain(verdict);
  // Quitter, in the lower left corner.
  await machine.touch(70, 570);
  // The twin is touched too, where nothing is: a page that was not for a minute moves by some pixels against burn-in.
  await twin.getByRole("heading", { level: 1 }).tap();
  await machine.shows(twin, 60_000);
});

test("a citizen calls from the panel and is seen and heard at the desk", async () => {
  const clip = join(world.directory, "clip.y4m");
  const voice = join(world.directory, "voice.wav");
  writeClip(clip);
  writeTones(voice, adviserTones);
  desk = await world.desk("caf", { clip, voice });
  await pause(3000);
  await machine.touch(...(await middle(twin.getByRole("button", { name: /^CAF/ }))));
  await twin.getByRole("button", { name: /^CAF/ }).tap();
  await expect(twin.getByRole("button", { name: "Appeler" })).toBeVisible();
  await machine.shows(twin, 60_000);
  await machine.touch(...(await middle(twin.getByRole("button", { name: "Appeler" }))));
  await answer(desk);
  await machine.says(/to=in_call/, 60_000);

  // The machine's processor is emulated at a small part of its speed: pictures are few, but they come, and go on coming.
  const seen = await watch(desk, citizenPicture, 20_000);
  expect(seen.length, "pictures of the booth's camera at the desk in 20 s").toBeGreaterThan(10);
  for (let i = 1; i < seen.length; i++) expect(seen[i]!.frame).toBeGreaterThan(seen[i - 1]!.frame);
  const sound = await listen(desk, citizenPicture, 8000);
  const loudness = Math.sqrt(sound.samples.reduce((sum, s) => sum + s * s, 0) / sound.samples.length);
  expect(loudness, "the booth's microphone at the desk").toBeGreaterThan(0.005);

  // The adviser's tones come out of the sound card, with gaps: the processor is too slow for words.
  const played = readWAV(join(world.directory, "speaker.wav"));
  const last = { rate: played.rate, samples: played.samples.slice(-15 * played.rate) };
  const [theirs, others] = [tones(last, adviserTones), tones(last, adviserTones.map((f) => 1.21 * f))];
  console.log(`of the sound card's output ${theirs.toFixed(2)} is the adviser's tones, ${others.toFixed(2)} other ones`);
  expect(theirs, "the adviser's tones").toBeGreaterThan(0.1);
  expect(theirs).toBeGreaterThan(5 * others);

  // The adviser's clip is on the panel: a face, and a blue jacket under it.
  await expect.poll(async () => {
    const shot = await machine.shot();
    machine.keepShot();
    return [colour(shot, 400, 320), colour(shot, 400, 470)];
  }, { timeout: 90_000 }).toEqual(["skin", "jacket"]);

  await desk.getByRole("button", { name: "Raccrocher" }).click();
  await machine.says(/to=ended/, 30_000);
});

test("after a power cut it comes back as the same booth", async () => {
  await machine.off();
  await machine.on();
  await machine.says(/msg="hub reachable"/, 120_000);
  expect(machine.log()).not.toMatch(/making a file system/);
  expect(machine.log()).not.toMatch(/asking the hub for enrolment/);
});

test("revoked, it is cut off at once", async () => {
  expect(machine.log()).not.toMatch(/hub unreachable/);
  atHub("revoke", "gien");
  await machine.says(/msg="hub unreachable/, 20_000);
});
