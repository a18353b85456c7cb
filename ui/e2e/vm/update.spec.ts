// Updates in the emulated machine: a good release, and one that does not work.

import { expect, test } from "@playwright/test";
import { hubAddress, World } from "../rig";
import { Machine } from "./machine";
import { Publisher } from "./releases";

test.describe.configure({ mode: "serial" });

let world: World;
let machine: Machine;
let publisher: Publisher;
let good: string;

/** What the booth said of its roots, the nth time since the power came. */
async function roots(milliseconds: number, nth = 1): Promise<string> {
  return (await machine.says(/msg=root (running=.*)/, milliseconds, nth))[1]!.trim();
}

test.beforeAll(async () => {
  world = new World();
  world.site("gien", (yaml) => yaml.replace(/^hub: /m, "update_rate_kbps: 200000\nhub: "));
  await world.startHub();
  publisher = new Publisher(world);
  machine = new Machine({
    directory: world.directory, namespace: world.boothSide, clock: "2015-01-01T00:00:00", settings: `hub: ws://${hubAddress}:8090\ncode: ${publisher.code("gien")}\n`,
  });
});

test.afterAll(async () => {
  await machine?.off();
  await world?.close();
});

test("a booth enrols with the code of its settings file", async () => {
  await machine.on(true);
  await machine.says(/msg="hub reachable"/, 240_000);
  expect(await roots(1000)).toMatch(/running=A trusted=A trial=""/);
  // Its clock is as wrong as a Pi's, and here is no NTP: it goes by the day of its build, and then by the hub's signed time.
  await machine.says(/msg="the clock is before what it can be; going on from there" clock="2015-/, 1000);
  await machine.says(/msg="clock set to the hub's time"/, 60_000);
});

test("a good release is loaded, tried and trusted", async () => {
  good = publisher.good();
  publisher.publish(good, "Essai d’une bonne version", "gien");
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
  const hanging = publisher.hanging(good, "vm-hanging");
  await machine.says(/msg="hub reachable"/, 120_000);
  publisher.publish(hanging, "Essai d’une version qui ne marche pas", "gien");
  await machine.says(/msg="restarting to try a release" version=vm-hanging/, 400_000);
  await machine.says(/init: restarting the machine: the service gave no sign of life/, 300_000);
  expect(await roots(240_000, 2)).toMatch(/running=B trusted=B trial=spent/);
  await machine.says(/msg="a release did not hold.*version=vm-hanging reason=no_start/, 60_000);
  await machine.says(/msg="hub reachable"/, 120_000, 2);
  expect(machine.log().match(/restarting to try a release/g)).toHaveLength(1);
  const hotline = await world.hotline();
  await expect(hotline.getByText("La mise à jour vm-hanging n’a pas tenu (le service n’a pas démarré)")).toBeVisible();
});
