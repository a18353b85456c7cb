// A call with an adviser whose browser has no H.264.

import { expect, test, type Page } from "@playwright/test";
import { join } from "node:path";
import { watch, writeClip, type Stamp } from "../media";
import { World } from "../rig";
import { adviserPicture, answer, call, citizenPicture, expectAdvancing, ownPicture } from "../steps";

let world: World;

test.beforeEach(() => {
  world = new World();
});
test.afterEach(async () => {
  await world.close();
});

/** The codec of the picture that the desk receives. */
const received = (page: Page): Promise<string | undefined> =>
  page.evaluate(async () => {
    const connection = (window as unknown as { visioborne?: { connection?: RTCPeerConnection } }).visioborne?.connection;
    if (!connection) throw new Error("the desk exposes no connection");
    const stats = await connection.getStats();
    for (const report of stats.values()) {
      const r = report as { type: string; kind?: string; codecId?: string };
      if (r.type === "inbound-rtp" && r.kind === "video" && r.codecId) return (stats.get(r.codecId) as { mimeType: string }).mimeType;
    }
    return undefined;
  });

/** A picture moves, however slowly: its frame numbers advance. */
async function expectMoving(page: Page, selector: string, what: string): Promise<void> {
  let stamps: Stamp[] = [];
  await expect
    .poll(async () => (stamps = await watch(page, selector, 3000)).length, { timeout: 60_000, message: what })
    .toBeGreaterThan(3);
  console.log(`${what}: ${stamps.length} pictures in 3 s`);
  if (selector !== adviserPicture) expectAdvancing(stamps, 0); // the adviser's clip begins again
}

for (const { without, codec } of [
  { without: "video/H264", codec: "video/VP8" },
  { without: "video/VP8", codec: "video/H264" },
]) {
  test(`an adviser without ${without} and the citizen see each other`, async () => {
    test.setTimeout(240_000);
    const site = world.site("gien");
    await world.startHub();
    const booth = await world.startBooth(site);
    const touchscreen = await world.touchscreen(booth.url);
    const clip = join(world.directory, "clip.y4m");
    writeClip(clip);
    const desk = await world.desk("caf", { clip, without });
    await call(touchscreen, "CAF");
    await answer(desk);
    await expectMoving(desk, citizenPicture, `the citizen's picture on the desk, as ${codec}`);
    await expectMoving(touchscreen, adviserPicture, `the adviser's picture on the touchscreen, as ${codec}`);
    await expectMoving(touchscreen, ownPicture, "the citizen's own picture");
    expect(await received(desk)).toBe(codec);
  });
}
