// The wall switch at random moments: of the first start, of the enrolment, of
// the upload of counts, of an update's download and of its trial. Each time the booth starts again, has
// lost nothing, and ends where it should.

import { expect, test } from "@playwright/test";
import { join } from "node:path";
import { hubAddress, pause, root, World } from "../rig";
import { Machine } from "./machine";
import { Publisher } from "./releases";

test.describe.configure({ mode: "serial" });

const seed = Number(process.env["CUT_SEED"] ?? Date.now() % 1_000_000);
/** Mulberry32: the same seed gives the same moments. */
const random = (() => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
})();

let world: World;
let machine: Machine;
let publisher: Publisher;

/** Takes the machine away between the two moments, and says when. */
async function cut(what: string, least: number, most: number): Promise<void> {
  const after = Math.round(least + random() * (most - least));
  await pause(after);
  const last = machine.log().trimEnd().split("\n").at(-1)?.slice(0, 120);
  await machine.off();
  console.log(`${what}: cut after ${after} ms, at: ${last}`);
}

/** The booth is in order: it runs the root that it trusts, or is trying the other one for the only time. */
async function inOrder(): Promise<void> {
  const [, running, trusted, trial] = await machine.says(/msg=root running=(\w) trusted=(\w) trial=(\S+)/, 120_000);
  if (running !== trusted) expect(trial).toBe("armed");
  expect(machine.log()).not.toMatch(/must be enrolled again|what was known of updates is lost|panic:|fatal error/);
}

test.beforeAll(async () => {
  console.log(`CUT_SEED=${seed}`);
  world = new World();
  world.site("gien", (yaml) => yaml.replace(/^hub: /m, "update_rate_kbps: 200000\nhub: "));
  await world.startHub();
  publisher = new Publisher(world);
  machine = new Machine({
    directory: world.directory, namespace: world.boothSide, settings: `hub: ws://${hubAddress}:8090\ncode: ${publisher.code("gien")}\n`,
  });
});

test.afterAll(async () => {
  await machine?.off();
  await world?.close();
});

test("four cuts of the first start and of the enrolment", async () => {
  for (let i = 0; i < 4; i++) {
    await machine.on(i === 0);
    // The first ones while the file system is made, the later ones around the enrolment.
    if (i < 2) {
      await machine.says(/init: /, 60_000);
      await cut("first start", 0, 2500);
    } else {
      await machine.says(/msg=hardware/, 60_000);
      await cut("enrolment", 0, 12_000);
    }
  }
  await machine.on();
  await machine.says(/msg="hub reachable"/, 120_000);
  await inOrder();
});

test("four cuts around the upload of counts", async () => {
  // Without its hub, and a day ahead: what is counted now is of another half day as soon as the clock is right.
  await machine.off();
  await world.hub!.kill();
  machine.options.clock = new Date(Date.now() + 24 * 3600_000).toISOString().slice(0, 19);
  await machine.on();
  await machine.says(/msg="browser ready"/, 240_000);
  // The first partner's tile, in the lower left corner.
  const chosen = /msg="phase changed" from=\w+ to=choosing/;
  await expect.poll(async () => {
    await machine.touch(80, 540);
    await pause(4000);
    return machine.log();
  }, { timeout: 120_000 }).toMatch(chosen);
  await cut("count", 500, 1500);

  delete machine.options.clock;
  await world.startHub();
  for (let i = 0; i < 3; i++) {
    await machine.on();
    await machine.says(/msg="hub reachable"/, 120_000);
    await cut("upload of counts", 0, 300);
  }
  await machine.on();
  await machine.says(/msg="hub reachable"/, 120_000);
  await inOrder();
  const kept = () => world.hubSide.run(join(root, "build/hub"), "usage", "-state", join(world.directory, "hub"));
  await expect.poll(kept, { timeout: 60_000 }).toMatch(/,,session,/);
  expect(kept().match(/^gien,.*,,session,.*$/gm)).toEqual([expect.stringMatching(/^gien,20\d\d-\d\d-\d\d-[ap]m,,session,1$/)]);
});

test("four cuts of the download of a release", async () => {
  publisher.publish(publisher.good(), "Essai de coupures", "gien");
  for (let i = 0; i < 4; i++) {
    if (i > 0) {
      await machine.on();
      await machine.says(/msg="hub reachable"/, 120_000);
    }
    await cut("download", 0, 15_000);
  }
  publisher.withdraw("vm-next");
  await machine.on();
  await machine.says(/msg="hub reachable"/, 120_000);
  await inOrder();
});

test("four cuts of the switch to a release and of its trial", async () => {
  for (let i = 0; i < 4; i++) {
    const version = `vm-cut-${i}`;
    publisher.publish(publisher.good(version), "Essai de coupures", "gien");
    await machine.says(/msg="restarting to try a release"/, 200_000);
    await cut("trial", 0, i < 2 ? 12_000 : 40_000);
    publisher.withdraw(version);
    await machine.on();
    await inOrder();
    await machine.says(/msg="hub reachable"/, 120_000);
  }
});

test("it still takes a release, once nobody cuts it", async () => {
  publisher.publish(publisher.good("vm-last"), "La bonne", "gien");
  // An earlier trial may still hold on the way there.
  await machine.says(/msg="restarting to try a release" version=vm-last[^]*msg="the release holds"/, 500_000);
  await machine.off();
  await machine.on();
  const [, running, trusted] = await machine.says(/msg=root running=(\w) trusted=(\w) trial=""/, 120_000);
  expect(running).toBe(trusted);
});
