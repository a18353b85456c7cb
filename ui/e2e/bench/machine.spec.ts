// Measures the image in an emulated machine: from the switch to the page,
// beside gokrazy's bare image in the same run; sizes; memory. Times are an
// emulated processor's: only the ratio says something of a Raspberry Pi.

import { expect, test } from "@playwright/test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { watch, writeClip, writeVoice } from "../media";
import { hubAddress, pause, root, World } from "../rig";
import { answer, citizenPicture } from "../steps";
import { Inspector, inspectorPort } from "../vm/inspected";
import { Machine, panel } from "../vm/machine";
import { Publisher } from "../vm/releases";
import { inspectedImage } from "../vm/roots";
import { percentile, Table } from "./table";

const starts = Number(process.env["BENCH_STARTS"] ?? 3);
const table = new Table();

const megabytes = (file: string) => statSync(join(root, "build", file)).size / 1e6;

/** Seconds from the switch to a line on the console, at every start after the first, which makes the file system. */
async function startTimes(machine: Machine, ...lines: RegExp[]): Promise<number[][]> {
  const times: number[][] = lines.map(() => []);
  for (let n = 0; n <= starts; n++) {
    const began = Date.now();
    await machine.on(n === 0);
    for (const [i, line] of lines.entries()) {
      await machine.says(line, 300_000);
      if (n > 0) times[i]!.push((Date.now() - began) / 1000);
    }
    await pause(6000); // what was written is on the disk
    await machine.off();
  }
  return times;
}

test("the machine", async () => {
  const world = new World();
  let machine: Machine | undefined;
  try {
    world.site("gien", (yaml) => yaml.replace(/^hub: /m, "update_rate_kbps: 200000\nhub: "));
    world.site("jumelle");
    await world.startHub();
    const publisher = new Publisher(world);
    const settings = `hub: ws://${hubAddress}:8090\ncode: ${publisher.code("gien")}\n`;
    table.add("image", "MB", megabytes("visioborne.img"));
    table.add("root", "MB", megabytes("visioborne.root.squashfs"));

    machine = new Machine({ directory: world.directory, namespace: world.boothSide, image: join(root, "build/hello.img") });
    const [hello] = await startTimes(machine, /hello: ready/);
    machine = new Machine({ directory: world.directory, namespace: world.boothSide, image: inspectedImage(world.directory), forward: inspectorPort, settings });
    const [service, page] = await startTimes(machine, /msg="serving the touchscreen's page"/, /msg="browser ready"/);
    table.add(`power on to service ready, median of ${starts}`, "s", percentile(service!, 50), percentile(hello!, 50), "ratio <= 1.3 (gokrazy's hello)");
    table.add(`power on to page usable, median of ${starts}`, "s", percentile(page!, 50), percentile(hello!, 50));

    await machine.on();
    await machine.says(/msg="browser ready"/, 240_000);
    await machine.says(/msg="hub reachable"/, 120_000);
    await pause(20_000); // what a start leaves behind is tidied up
    const inside = new Inspector(world);
    const programs = () => inside.processes().filter((p) => /kiosk$|chromium|Xorg/.test(p.Program)).reduce((sum, p) => sum + p.MemoryKB, 0) / 1024;
    table.add("memory of service and browser after the start", "MiB (PSS)", programs());
    table.add("memory in use after the start, kernel included", "MiB", inside.usedMB());

    const clip = join(world.directory, "clip.y4m");
    const voice = join(world.directory, "voice.wav");
    writeClip(clip);
    writeVoice(voice, "Bonjour, ici la caisse d'allocations familiales.");
    const desk = await world.desk("caf", { clip, voice });
    const jumelle = await world.startBooth(join(world.directory, "jumelle.yaml"));
    const twin = await world.touchscreen(jumelle.url, panel);
    await twin.evaluate(() => document.fonts.ready);
    await machine.shows(twin, 60_000);
    for (const name of [/^CAF/, "Appeler"]) {
      const box = (await twin.getByRole("button", { name }).boundingBox())!;
      await machine.touch(box.x + box.width / 2, box.y + box.height / 2);
      if (name instanceof RegExp) {
        await twin.getByRole("button", { name }).tap();
        await expect(twin.getByRole("button", { name: "Appeler" })).toBeVisible();
        await machine.shows(twin, 60_000);
      }
    }
    await answer(desk);
    await machine.says(/to=in_call/, 60_000);
    const seen = await watch(desk, citizenPicture, 60_000);
    expect(seen.length, "pictures of the booth at the desk").toBeGreaterThan(30);
    table.add("memory of service and browser after a minute of a call", "MiB (PSS)", programs(), undefined, "< 700");
    table.add("memory in use in a call, kernel included", "MiB", inside.usedMB());
    await desk.getByRole("button", { name: "Raccrocher" }).click();
    await machine.says(/to=ended/, 30_000);

    publisher.publish(publisher.good(), "Mesure d’une mise à jour", "gien");
    const [, kept, copied, loaded, of] = await machine.says(/msg="loading a release".* kept=(\d+) copied=(\d+) loaded=(\d+) of=(\d+) error=<nil>/, 600_000);
    table.add("update from the sources to the same as another version: over the network", "MB", Number(loaded) / 1e6, Number(of) / 1e6);
    console.log(`the update kept ${kept} and copied ${copied} bytes`);
  } finally {
    await machine?.off();
    await world.close();
  }
  table.print("machine", { starts });
});
