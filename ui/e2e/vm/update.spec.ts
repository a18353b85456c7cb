// Updates in the emulated machine: a good release, one that does not work, and
// power cuts at random moments of both.

import { expect, test } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hubAddress, root, World } from "../rig";
import { Machine } from "./machine";

test.describe.configure({ mode: "serial" });

let world: World;
let machine: Machine;

const hub = (...words: string[]) => world.hubSide.run(join(root, "build/hub"), ...words);
const state = () => join(world.directory, "hub");
const key = () => join(world.directory, "release-key");

/** Signs and adds a release and gives it to every booth, at any time of the day. */
function publish(base: string, nature: string): string {
  const { version } = JSON.parse(readFileSync(`${base}.release.json`, "utf8"));
  hub("release", "sign", "-key", key(), "-nature", nature, `${base}.release.json`);
  hub("release", "add", "-state", state(), `${base}.manifest`);
  hub("release", "testers", "-state", state(), "gien");
  hub("release", "ring", "-state", state(), "-any-time", version, "test");
  return version;
}

/** A release whose service never gives a sign of life: the good one with another program in its place. */
function breakRelease(good: string, broken: string): void {
  const tree = `${broken}.tree`;
  execFileSync("unsquashfs", ["-quiet", "-no-progress", "-dest", tree, `${good}.root.squashfs`]);
  const source = join(world.directory, "hang.go");
  writeFileSync(source, 'package main\n\nimport "time"\n\nfunc main() {\n\tfor {\n\t\ttime.Sleep(time.Hour)\n\t}\n}\n');
  execFileSync("go", ["build", "-o", join(tree, "user/kiosk"), source], { env: { ...process.env, GOARCH: "arm64", CGO_ENABLED: "0" } });
  const squashfs = `${broken}.root.squashfs`;
  execFileSync("mksquashfs", [tree, squashfs, "-quiet", "-no-progress", "-noappend", "-comp", "gzip", "-Xcompression-level", "1", "-no-xattrs", "-all-root"]);
  execFileSync("rm", ["-rf", tree]);
  const sha256 = execFileSync("sha256sum", [squashfs], { encoding: "utf8" }).split(" ")[0];
  const description = JSON.parse(readFileSync(`${good}.release.json`, "utf8"));
  writeFileSync(`${broken}.release.json`, JSON.stringify({ ...description, version: "vm-broken", root: "broken.root.squashfs", sha256 }));
}

/** What the booth said of its roots, the nth time since the power came. */
async function roots(milliseconds: number, nth = 1): Promise<string> {
  return (await machine.says(/msg=root (running=.*)/, milliseconds, nth))[1]!.trim();
}

test.beforeAll(async () => {
  world = new World();
  world.site("gien", (yaml) => yaml.replace(/^hub: /m, "update_rate_kbps: 200000\nhub: "));
  await world.startHub();
  hub("release", "keygen", key());
  hub("release", "trust", "-state", state(), `${key()}.pub`);
  const code = hub("booth", "add", "-state", state(), "gien").split("\n")[0]!;
  machine = new Machine({ directory: world.directory, namespace: world.boothSide, settings: `hub: ws://${hubAddress}:8090\ncode: ${code}\n` });
});

test.afterAll(async () => {
  await machine?.off();
  await world?.close();
});

test("a booth enrols with the code of its settings file", async () => {
  await machine.on(true);
  await machine.says(/msg="hub reachable"/, 240_000);
  expect(await roots(1000)).toMatch(/running=A trusted=A trial=""/);
});

test("a good release is loaded, tried and trusted", async () => {
  const files = join(world.directory, "good");
  mkdirSync(files);
  for (const name of ["next.release.json", "next.root.squashfs"]) copyFileSync(join(root, "build/vm", name), join(files, name));
  execFileSync("sed", ["-i", "s/visioborne.root.squashfs/next.root.squashfs/", join(files, "next.release.json")]);
  publish(join(files, "next"), "Essai d’une bonne version");
  await machine.says(/msg="restarting to try a release" version=vm-next/, 400_000);
  const loaded = machine.log().match(/msg="loading a release".*copied=(\d+) loaded=(\d+) of=(\d+)/)!;
  console.log(`of ${loaded[3]} bytes, ${loaded[1]} were copied from the running root and ${loaded[2]} loaded`);
  expect(Number(loaded[2]), "most of a release is on the card already").toBeLessThan(Number(loaded[3]) / 4);
  expect(await roots(120_000, 2)).toMatch(/running=B trusted=A trial=armed/);
  await machine.says(/msg="the release holds" version=vm-next/, 240_000);
  await machine.off();
  await machine.on();
  expect(await roots(120_000)).toMatch(/running=B trusted=B trial=""/);
  await world.hub!.printed(/msg="booth connected" site=gien version=vm-next/, 120_000);
});

test("a release that hangs is left by itself, and not tried again", async () => {
  const files = join(world.directory, "bad");
  mkdirSync(files);
  breakRelease(join(world.directory, "good/next"), join(files, "broken"));
  await machine.says(/msg="hub reachable"/, 120_000);
  publish(join(files, "broken"), "Essai d’une version qui ne marche pas");
  await machine.says(/msg="restarting to try a release" version=vm-broken/, 400_000);
  await machine.says(/init: trying root|init: .*gave no sign of life within/, 300_000);
  expect(await roots(240_000, 2)).toMatch(/running=B trusted=B trial=spent/);
  await machine.says(/msg="a release did not hold.*version=vm-broken reason=no_start/, 60_000);
  await machine.says(/msg="hub reachable"/, 120_000, 2);
  expect(machine.log().match(/restarting to try a release/g)).toHaveLength(1);
});
