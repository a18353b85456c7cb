// Calls on a bad line, proved by what still arrives.

import { expect, test, type Page } from "@playwright/test";
import { watch, writeClip } from "../media";
import { join } from "node:path";
import { pause, World, type Process } from "../rig";
import { adviserPicture, answer, call, citizenPicture, expectHome, expectTalk } from "../steps";

let world: World;
let touchscreen: Page;
let desk: Page;
let booth: Process & { url: string };

test.beforeEach(async () => {
  world = new World();
  const site = world.site("gien");
  await world.startHub();
  booth = await world.startBooth(site);
  touchscreen = await world.touchscreen(booth.url);
  const clip = join(world.directory, "clip.y4m");
  writeClip(clip);
  desk = await world.desk("caf", { clip });
  await call(touchscreen, "CAF");
  await answer(desk);
  await expectTalk(touchscreen, desk);
});
test.afterEach(async () => {
  await world.close();
});

/** The bytes of RTP that the desk's browser has received of the citizen's picture. */
const received = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const video = document.querySelector('video[aria-label="Usager"]') as HTMLVideoElement;
    const track = (video.srcObject as MediaStream).getVideoTracks()[0]!;
    const connection = (window as unknown as { visioborne?: { connection?: RTCPeerConnection } }).visioborne?.connection;
    if (!connection) throw new Error("the desk exposes no connection");
    let bytes = 0;
    for (const report of (await connection.getStats(track)).values()) {
      const r = report as { type: string; kind?: string; bytesReceived?: number };
      if (r.type === "inbound-rtp" && r.kind === "video") bytes += r.bytesReceived ?? 0;
    }
    return bytes;
  });

async function kbitPerSecond(page: Page, milliseconds: number): Promise<number> {
  const before = await received(page);
  const began = Date.now();
  await pause(milliseconds);
  return ((await received(page)) - before) * 8 / (Date.now() - began);
}

test("the bitrate falls when the line is cut to 400 kbit/s, and recovers", async () => {
  test.setTimeout(180_000);
  await pause(8000);
  const free = await kbitPerSecond(desk, 4000);
  world.impair({ kbitPerSecond: 400 });
  await pause(12_000);
  const choked = await kbitPerSecond(desk, 5000);
  const stamps = await watch(desk, citizenPicture, 4000);
  console.log(`free line ${free.toFixed(0)} kbit/s, at 400 kbit/s ${choked.toFixed(0)} kbit/s, ${stamps.length} pictures in 4 s`);
  expect(free).toBeGreaterThan(500);
  expect(choked).toBeLessThan(400);
  expect(choked).toBeGreaterThan(60);
  expect(stamps.length, "the picture moves on").toBeGreaterThan(40);
  const last = stamps.at(-1)!;
  expect((last.seen % 2 ** 40) - last.captured, "no queue has built up").toBeLessThan(2000);
  world.impair({});
  await expect.poll(() => kbitPerSecond(desk, 3000), { timeout: 90_000, message: "the bitrate recovers" }).toBeGreaterThan(600);
  await expect(touchscreen.getByRole("button", { name: "Raccrocher" })).toBeVisible();
});

test("the call survives 5 % loss", async () => {
  world.impair({ lossPercent: 5 });
  await pause(6000);
  const citizen = await watch(desk, citizenPicture, 5000);
  const adviser = await watch(touchscreen, adviserPicture, 5000);
  console.log(`at 5 % loss: ${citizen.length} pictures of the citizen and ${adviser.length} of the adviser in 5 s`);
  expect(citizen.length).toBeGreaterThan(60);
  expect(adviser.length).toBeGreaterThan(60);
});

test("killing the hub in mid-call leaves the call up; the booth reconnects", async () => {
  await world.hub!.kill("SIGKILL");
  await pause(3000);
  expect((await watch(desk, citizenPicture, 2000)).length, "pictures without a hub").toBeGreaterThan(30);
  expect((await watch(touchscreen, adviserPicture, 2000)).length, "pictures without a hub").toBeGreaterThan(30);
  await world.startHub();
  await booth.printed(/hub reachable[\s\S]*hub unreachable[\s\S]*hub reachable/i, 40_000);
  expect((await watch(desk, citizenPicture, 2000)).length, "pictures after the hub's return").toBeGreaterThan(30);
  // Hanging up works, and the desk takes the next call without a new sign-in.
  await touchscreen.getByRole("button", { name: "Raccrocher" }).tap();
  await expectHome(touchscreen);
  await expect(desk.getByRole("button", { name: "Raccrocher" })).toHaveCount(0);
  const available = desk.getByRole("switch", { name: "Disponible" });
  await expect(available).toBeVisible();
  if (!(await available.isChecked())) await available.click();
  await call(touchscreen, "CAF");
  await answer(desk);
  await expectTalk(touchscreen, desk);
});

test("the adviser can hang up while the hub is down", async () => {
  await world.hub!.kill("SIGKILL");
  await pause(1000);
  await desk.getByRole("button", { name: "Raccrocher" }).click();
  await expect(touchscreen.getByText("Merci", { exact: false }).first()).toBeVisible();
});

test("a line that is away for some seconds is told, and comes back", async () => {
  world.blockUDP(true);
  await expect(touchscreen.getByText(/ligne est coupée|rétablir/i).first()).toBeVisible({ timeout: 20_000 });
  world.blockUDP(false);
  await expect(touchscreen.getByText(/ligne est coupée|rétablir/i)).toHaveCount(0, { timeout: 30_000 });
  await expect.poll(async () => (await watch(desk, citizenPicture, 1000)).length, { timeout: 20_000 }).toBeGreaterThan(10);
});
