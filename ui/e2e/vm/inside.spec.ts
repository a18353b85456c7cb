// The machine seen from inside, and somebody who tampers with it: a USB stick
// with settings, a keyboard, a browser that dies, hangs or cannot start. The
// image is the booth's own, with one program more (inspector).

import { expect, test, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hubAddress, pause, Process, root, World } from "../rig";
import { Inspector, inspectorPort } from "./inspected";
import { Machine, panel, wakeful } from "./machine";
import { inspectedImage } from "./roots";

test.describe.configure({ mode: "serial" });

let world: World;
let machine: Machine;
let inside: Inspector;
let twin: Page;
let readies = 0;

const hub = `ws://${hubAddress}:8090`;

/** A USB stick as a technician makes it: FAT, with one file. */
function stick(name: string, yaml: string): string {
  const [file, text] = [join(world.directory, `${name}.stick`), join(world.directory, `${name}.yaml`)];
  writeFileSync(text, yaml);
  execFileSync("mkfs.vfat", ["-C", "-F", "32", "-n", "CLE", file, "65536"], { stdio: "ignore" });
  execFileSync("mcopy", ["-i", file, text, "::visioborne.yaml"]);
  return file;
}

const browserReady = () => machine.says(/msg="browser ready"/, 240_000, ++readies);

test.beforeAll(async () => {
  world = new World();
  world.site("gien", wakeful);
  world.site("jumelle", wakeful);
  await world.startHub();
  machine = new Machine({ directory: world.directory, namespace: world.boothSide, image: inspectedImage(world.directory), forward: inspectorPort });
  inside = new Inspector(world);
});

test.afterAll(async () => {
  await machine?.off();
  await world?.close();
});

test("a card without settings takes them from a USB stick", async () => {
  await machine.on(true);
  const settings = join(world.directory, "twin-settings");
  mkdirSync(settings);
  const unenrolled = new Process("twin", "ip", ["netns", "exec", world.boothSide.name, join(root, "build/kiosk"),
    "-addr", "127.0.0.1:8081", "-state", join(world.directory, "twin-state"), "-settings", settings]);
  await unenrolled.printed(/^touchscreen: http/m);
  twin = await world.touchscreen("http://127.0.0.1:8081/", panel);
  await browserReady();
  await machine.shows(twin, 60_000);

  // A mistake in the file is told on the panel, with its place.
  const wrong = `hub: ${hub}\ncoed: 1234\n`;
  writeFileSync(join(settings, "visioborne.yaml"), wrong);
  await expect(twin.getByText(/coed/)).toBeVisible();
  await machine.plugStick("wrong", stick("wrong", wrong));
  await machine.shows(twin, 60_000);
  await machine.unplug("wrong");

  // The next stick puts it right, with a code: nothing has to be typed.
  const code = world.hubSide.run(join(root, "build/hub"), "booth", "add", "-state", join(world.directory, "hub"), "gien").split("\n")[0]!;
  await machine.plugStick("right", stick("right", `hub: ${hub}\ncode: ${code}\n`));
  await machine.says(/msg=enrolled/, 60_000);
  await machine.says(/msg="hub reachable"/, 60_000);
  await machine.unplug("right");
  await unenrolled.kill();
  await browserReady();
  const jumelle = await world.startBooth(join(world.directory, "jumelle.yaml"));
  twin = await world.touchscreen(jumelle.url, panel);
  await twin.evaluate(() => document.fonts.ready);
  await machine.shows(twin, 120_000);
});

test("the browser is an ordinary user's, in a sandbox, without a network", () => {
  const [service] = inside.find("service");
  const [renderer] = inside.find("renderer");
  expect(service).toBeDefined();
  expect(renderer!.Seccomp, "the renderer's system calls are filtered").toBe(2);
  expect(renderer!.Users, "the renderer is in a user namespace of its own").not.toBe(inside.find("browser")[0]!.Users);
  const foreign = inside.processes().filter((p) => /chromium|Xorg/.test(p.Program));
  expect(foreign.length).toBeGreaterThan(3);
  for (const p of foreign) {
    expect(p.User, p.Program).toBe(1000);
    expect(p.Network, p.Program).not.toBe(service!.Network);
    expect(p.Users, p.Program).not.toBe(service!.Users);
  }
  for (const kind of ["xorg", "browser"] as const) expect(inside.find(kind)[0]!.Capabilities, kind).toBe("0000000000000000");
});

test("the browser obeys its policy: the booth's page and nothing else", () => {
  const [browser] = inside.find("browser");
  expect(inside.browse(browser!.PID, "http://127.0.0.1:8080/")).toBe("Visioborne");
  // Without the policy these would be shown, or refused for want of a server.
  for (const url of ["chrome://version/", "chrome://settings/", "http://127.0.0.1:8081/", "file:///etc/passwd"]) {
    expect(inside.browse(browser!.PID, url), url).toBe("net::ERR_BLOCKED_BY_ADMINISTRATOR");
  }
  // Nobody debugs it, not even with a command line of one's own.
  expect(() => inside.browseUnchanged(browser!.PID, "http://127.0.0.1:8080/")).toThrow(/Target.attachToTarget.*Not allowed/);
});

test("a keyboard leads nowhere", async () => {
  const before = inside.find("browser").map((p) => p.PID);
  await machine.plugKeyboard();
  await pause(3000); // what a person takes to sit down at it; the booth must not take it for a touchscreen
  for (const keys of [
    ["ctrl", "t"], ["ctrl", "n"], ["ctrl", "o"], ["ctrl", "p"], ["ctrl", "s"], ["ctrl", "u"], ["ctrl", "shift", "i"], ["ctrl", "minus"],
    ["f1"], ["f5"], ["f11"], ["f12"], ["alt", "f4"], ["ctrl", "w"], ["ctrl", "shift", "q"], ["alt", "left"], ["esc"],
    ["alt", "f2"], ["ctrl", "alt", "f2"], ["ctrl", "alt", "backspace"], ["ctrl", "alt", "delete"], ["alt", "sysrq", "i"], ["alt", "sysrq", "b"],
  ]) await machine.press(...keys);
  await machine.shows(twin, 20_000);
  expect(inside.find("browser").map((p) => p.PID)).toEqual(before);
  await machine.unplug("keyboard");
});

test("a browser that dies is started again within three seconds", async () => {
  const [old] = inside.find("stage");
  inside.signal(inside.find("browser")[0]!.PID, 9);
  const died = Date.now();
  await expect.poll(() => inside.find("stage").some((p) => p.PID !== old!.PID), { intervals: [100], timeout: 30_000 }).toBe(true);
  const took = Date.now() - died;
  console.log(`started again after ${took} ms`);
  expect(took).toBeLessThan(3000);
  await browserReady();
  await machine.shows(twin, 60_000);
});

test("a page that hangs is replaced", async () => {
  inside.signal(inside.find("renderer")[0]!.PID, 19);
  await machine.says(/the page has not answered for 10s/, 60_000);
  await browserReady();
  await machine.shows(twin, 60_000);
});

test("a service that hangs is ended and started again", async () => {
  const [hung] = inside.find("service");
  inside.signal(hung!.PID, 19);
  const before = machine.log().length;
  await machine.says(new RegExp(`the service \\(process ${hung!.PID}\\) gave no sign of life`), 60_000);
  await browserReady();
  await machine.shows(twin, 60_000);
  const [service] = inside.find("service");
  expect(service!.PID).not.toBe(hung!.PID);
  expect(machine.log().slice(before), "the machine itself was not restarted").not.toMatch(/restarting the machine/);
});

test("while no browser can be started, the panel says so", async () => {
  const ends = () => [...machine.log().matchAll(/msg="browser ended"/g)].length;
  const end = ends() + 4;
  while (ends() < end) {
    for (const x of inside.find("stage")) inside.signal(x.PID, 9);
    await pause(100);
  }
  await pause(1500); // it waits four seconds now
  const shot = await machine.shot();
  machine.keepShot("words");
  const [r, g, b] = shot.pixels;
  let [paper, ink] = [0, 0];
  for (let i = 0; i < shot.pixels.length; i += 3) {
    const far = Math.max(Math.abs(shot.pixels[i]! - r!), Math.abs(shot.pixels[i + 1]! - g!), Math.abs(shot.pixels[i + 2]! - b!));
    if (far === 0) paper++;
    if (far > 100) ink++;
  }
  const all = shot.pixels.length / 3;
  expect(paper / all, "the ground").toBeGreaterThan(0.8);
  expect(ink / all, "the words").toBeGreaterThan(0.005);
  await browserReady();
  await machine.shows(twin, 60_000);
});
