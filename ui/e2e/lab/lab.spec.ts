// The network laboratory: a booth's call on lines of every kind, and the same
// call between two Chromiums on the same line, in the same run. What the adviser
// gets is read from the receiving browser's own statistics (W3C, Identifiers for
// WebRTC's Statistics API), which are the same for both.
//
// LAB_CELLS names which lines: "all", "few" for a look at the extremes, or some by
// their kbit/s and loss: "1000/5 256/10". The table is written anew after each line: what was measured stays when the
// laboratory is stopped.

import { expect, test, type Page } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeClip, writeVoice } from "../media";
import { pause, root, World } from "../rig";
import { answer, call, expectHome, expectTalk } from "../steps";
import { Cable, type Line } from "./cable";

/** Seconds for congestion control to find its rate, and those that are counted. */
const settle = Number(process.env["LAB_SETTLE"] ?? 15);
const counted = Number(process.env["LAB_SECONDS"] ?? 20);

const cells = process.env["LAB_CELLS"] ?? "all";
const few = (l: Line): boolean => l.kbitPerSecond <= 1000 && l.kbitPerSecond !== 512 && (l.lossPercent === 0 || l.lossPercent === 5);
const lines: Line[] = [1000, 256, 8000, 512, 2000]
  .flatMap((kbitPerSecond) =>
    ([[0, 10, 1], [1, 30, 5], [5, 100, 20], [10, 150, 30], [20, 300, 50]] as const).map(([lossPercent, delayMs, jitterMs]) => ({ kbitPerSecond, lossPercent, delayMs, jitterMs })))
  .filter((l) => cells === "all" || (cells === "few" ? few(l) : cells.split(" ").includes(`${l.kbitPerSecond}/${l.lossPercent}`)));

/** What a browser counts of what it receives. */
interface Counts {
  at: number;
  frames: number;
  bytes: number;
  freezes: number;
  frozen: number;
  samples: number;
  concealed: number;
  width: number;
}

/** Reads the counts of a connection that a page has under window.visioborne. */
const counts = (page: Page): Promise<Counts> =>
  page.evaluate(async () => {
    const connection = (window as unknown as { visioborne?: { connection?: RTCPeerConnection } }).visioborne?.connection;
    if (!connection) throw new Error("the page exposes no connection");
    const c = { at: performance.now(), frames: 0, bytes: 0, freezes: 0, frozen: 0, samples: 0, concealed: 0, width: 0 };
    for (const report of (await connection.getStats()).values()) {
      const r = report as Record<string, number | string>;
      if (r["type"] !== "inbound-rtp") continue;
      if (r["kind"] === "video") {
        c.frames += Number(r["framesDecoded"] ?? 0);
        c.bytes += Number(r["bytesReceived"] ?? 0);
        c.freezes += Number(r["freezeCount"] ?? 0);
        c.frozen += Number(r["totalFreezesDuration"] ?? 0);
        c.width = Number(r["frameWidth"] ?? 0);
      } else {
        c.samples += Number(r["totalSamplesReceived"] ?? 0);
        c.concealed += Number(r["concealedSamples"] ?? 0) - Number(r["silentConcealedSamples"] ?? 0);
      }
    }
    return c;
  });

/** What the far end gets, over a stretch of time. */
interface Received {
  fps: number;
  width: number;
  kbps: number;
  frozenPercent: number;
  concealedPercent: number;
}

async function receive(page: Page): Promise<Received> {
  const before = await counts(page);
  await pause(counted * 1000);
  const after = await counts(page);
  const seconds = (after.at - before.at) / 1000;
  const round = (v: number) => Math.round(v * 10) / 10;
  // A freeze is counted when it ends; a picture that never moved again was frozen throughout.
  const frozen = after.frames === before.frames ? seconds : after.frozen - before.frozen;
  return {
    fps: round((after.frames - before.frames) / seconds),
    width: after.width,
    kbps: Math.round(((after.bytes - before.bytes) * 8) / seconds / 1000),
    frozenPercent: round(Math.min(100, (frozen / seconds) * 100)),
    concealedPercent: round((100 * (after.concealed - before.concealed)) / Math.max(1, after.samples - before.samples)),
  };
}

/** Seconds until pictures come at 15 a second again, at most sixty. */
async function recovery(page: Page): Promise<number> {
  const began = Date.now();
  for (;;) {
    const before = await counts(page);
    await pause(1000);
    const after = await counts(page);
    if ((after.frames - before.frames) * 1000 >= 15 * (after.at - before.at)) return Math.round((Date.now() - began - 1000) / 100) / 10;
    if (Date.now() - began > 60_000) return 60;
  }
}

/** Two plain pages that call each other, without anything of ours: what Chromium makes of the line. */
async function chromiums(world: World, clip: string, voice: string): Promise<Page> {
  const open = async (side: "booth" | "hub") => {
    const page = await world.plain(side, { clip, voice });
    await page.route("http://127.0.0.1/**", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><video autoplay muted></video>" }));
    await page.goto("http://127.0.0.1/");
    await page.evaluate(async () => {
      const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
      Object.assign(window, { visioborne: { connection } });
      connection.ontrack = ({ streams }) => {
        document.querySelector("video")!.srcObject = streams[0]!;
      };
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720, frameRate: 30 }, audio: true });
      for (const track of stream.getTracks()) connection.addTrack(track, stream);
    });
    return page;
  };
  const [booth, desk] = [await open("booth"), await open("hub")];
  type Connected = { visioborne: { connection: RTCPeerConnection } };
  const describe = (page: Page) =>
    page.evaluate(async () => {
      const { connection } = (window as unknown as Connected).visioborne;
      await connection.setLocalDescription();
      await new Promise<void>((done) => {
        if (connection.iceGatheringState === "complete") done();
        connection.onicegatheringstatechange = () => connection.iceGatheringState === "complete" && done();
      });
      return connection.localDescription!.toJSON() as RTCSessionDescriptionInit;
    });
  const take = (page: Page, description: RTCSessionDescriptionInit) =>
    page.evaluate((d) => (window as unknown as Connected).visioborne.connection.setRemoteDescription(d), description);
  await take(desk, await describe(booth));
  await take(booth, await describe(desk));
  return desk;
}

interface Row {
  line: Line;
  booth: Received & { recovery: number };
  chromium: Received & { recovery: number };
}

/** The booth's figures, and Chromium's in brackets. */
function write(rows: Row[]): void {
  const sorted = rows.toSorted((a, b) => a.line.kbitPerSecond - b.line.kbitPerSecond || a.line.delayMs - b.line.delayMs);
  const head = ["kbit/s", "loss", "delay", "pictures/s", "width", "kbit/s got", "frozen", "sound concealed", "recovery"];
  const cell = (ours: number, theirs: number, unit = "") => `${ours}${unit} (${theirs}${unit})`;
  const table = [
    `| ${head.join(" | ")} |`, `|${" ---: |".repeat(head.length)}`,
    ...sorted.map(({ line, booth, chromium }) => `| ${[
      line.kbitPerSecond, `${line.lossPercent} %`, `${line.delayMs} ± ${line.jitterMs} ms`,
      cell(booth.fps, chromium.fps), cell(booth.width, chromium.width), cell(booth.kbps, chromium.kbps),
      cell(booth.frozenPercent, chromium.frozenPercent, " %"), cell(booth.concealedPercent, chromium.concealedPercent, " %"),
      cell(booth.recovery, chromium.recovery, " s"),
    ].join(" | ")} |`),
  ].join("\n");
  writeFileSync(join(root, "build/lab.md"), table + "\n");
  writeFileSync(join(root, "build/lab.json"), JSON.stringify(rows, null, 2) + "\n");
}

test("the laboratory", async () => {
  const rows: Row[] = [];
  for (const line of lines) {
    const world = new World("none");
    const cable = new Cable(world);
    try {
      await cable.ready();
      const site = world.site("gien");
      await world.startHub();
      const clip = join(world.directory, "clip.y4m");
      const voice = join(world.directory, "voice.wav");
      writeClip(clip, 1280, 720, 60);
      writeVoice(voice, "Bonjour, je vous écoute, quelle est votre question aujourd'hui ?");

      const measure = async (desk: Page) => {
        await cable.become(line);
        await pause(settle * 1000);
        const received = await receive(desk);
        await cable.become({});
        return { ...received, recovery: await recovery(desk) };
      };
      const booth = await world.startBooth(site);
      const touchscreen = await world.touchscreen(booth.url);
      const desk = await world.desk("caf", { clip, voice });
      await call(touchscreen, "CAF");
      await answer(desk);
      await expectTalk(touchscreen, desk);
      await pause(5000);
      const ours = await measure(desk);
      await desk.getByRole("button", { name: "Raccrocher" }).click();
      await expectHome(touchscreen);
      await touchscreen.close();
      await desk.close();
      await booth.kill();

      const far = await chromiums(world, clip, voice);
      await expect.poll(async () => (await counts(far)).frames).toBeGreaterThan(30);
      await pause(5000);
      rows.push({ line, booth: ours, chromium: await measure(far) });
      write(rows);
      console.log(JSON.stringify(rows.at(-1)));
    } finally {
      await world.close();
      await cable.unplug();
    }
  }
});
