// Measures calls beside a baseline in the same run, and prints the figures as
// a table and as JSON (build/bench.json). It asserts nothing about speed: a
// shared machine is no place for that.

import { expect, test, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { watch, writeClip, writeVoice, type Stamp } from "../media";
import { Alone, pause, Process, root } from "../rig";
import { citizenPicture, expectHome } from "../steps";
import { percentile, Table } from "./table";

const calls = Number(process.env["BENCH_CALLS"] ?? 30);
const seconds = Number(process.env["BENCH_SECONDS"] ?? 60);

const table = new Table();
const add = table.add.bind(table);

/** A Go benchmark's allocations per operation. */
function goAllocations(where: string, name: string, times: string): number {
  const out = execFileSync("go", ["test", "-run", "^$", "-bench", `^${name}$`, "-benchmem", "-benchtime", times, where], { cwd: root, encoding: "utf8" });
  const line = out.match(new RegExp(`^${name}(?:-\\d+)?\\s+\\d+\\s+[\\d.]+ ns/op.*?([\\d.]+) allocs/op`, "m"));
  if (!line) throw new Error(`${name} in ${where} printed no figures:\n${out}`);
  return Number(line[1]);
}

/** CPU seconds of a benchmark of a Go test binary that runs so many times, on all its threads. */
function goCPU(binary: string, name: string, times: number): number {
  const out = execFileSync("bash", ["-c", `TIMEFORMAT='%U %S'; { time "$0" -test.run '^$' -test.bench '^${name}$' -test.benchtime ${times}x >/dev/null; } 2>&1`, binary], {
    cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"],
  });
  // The encoder may warn before; the times are the last line.
  return out.trim().split("\n").at(-1)!.split(" ").reduce((sum, v) => sum + Number(v), 0);
}

/** CPU seconds that a process has used, and its resident memory in MiB. */
function usage(pid: number): { cpu: number; rss: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const hertz = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  const rss = Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmRSS:\s+(\d+) kB$/m)![1]) / 1024;
  return { cpu: (Number(fields[11]) + Number(fields[12])) / hertz, rss };
}

function pidOf(world: Alone, name: string): number {
  const pids = execFileSync("ip", ["netns", "pids", world.namespace.name], { encoding: "utf8" }).trim().split("\n").map(Number);
  const found = pids.find((p) => readFileSync(`/proc/${p}/comm`, "utf8").trim() === name);
  if (!found) throw new Error(`no process ${name}`);
  return found;
}

/** A Go duration in milliseconds. */
function milliseconds(duration: string): number {
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, µs: 1e-3, ns: 1e-6 };
  return [...duration.matchAll(/([\d.]+)(h|ms|m|s|µs|ns)/g)].reduce((sum, [, n, unit]) => sum + Number(n) * units[unit!]!, 0);
}

/** An adviser who answers at once. */
function answerAtOnce(desk: Page): Promise<void> {
  return desk.evaluate(() => {
    const answer = () => {
      for (const b of document.querySelectorAll("button")) if (b.textContent?.trim() === "Répondre" && !b.disabled) b.click();
    };
    new MutationObserver(answer).observe(document.body, { childList: true, subtree: true, attributes: true });
  });
}

test("bench", async () => {
  const world = new Alone();
  try {
    const clip = join(world.directory, "clip.y4m");
    const voice = join(world.directory, "voice.wav");
    writeClip(clip, 1280, 720, 60);
    writeVoice(voice, "Bonjour, je vous écoute, quelle est votre question aujourd'hui ?");
    await world.startDemo({ RECORD_SPEAKER: "" });

    // The bare connection, in the same namespace and with the same fake camera.
    execFileSync("go", ["build", "-o", join(world.directory, "bare"), "./ui/e2e/bare"], { cwd: root });
    const bare = new Process("bare", "ip", ["netns", "exec", world.namespace.name, join(world.directory, "bare")]);
    const bareURL = (await bare.printed(/^bare: (\S+)$/m))[1]!;
    const desk = await world.desk("caf", { clip, voice });
    const barePage = await desk.context().newPage();
    await barePage.goto(bareURL);
    const touchscreen = await world.touchscreen();
    await answerAtOnce(desk);

    const ours: number[] = [];
    const theirs: number[] = [];
    for (let i = 0; i < calls; i++) {
      await barePage.evaluate(() => (document.title = "bare"));
      await barePage.bringToFront();
      await barePage.getByRole("button").click();
      await expect.poll(() => barePage.title()).toMatch(/^took/);
      theirs.push(Number((await barePage.title()).split(" ")[1]));

      await desk.bringToFront();
      await expectHome(touchscreen);
      await touchscreen.getByRole("button", { name: /^CAF/ }).tap();
      await expect(touchscreen.getByRole("button", { name: "Appeler" })).toBeVisible();
      const began = await touchscreen.evaluate(() => {
        const button = [...document.querySelectorAll("button")].find((b) => b.textContent?.trim().startsWith("Appeler"))!;
        const now = Date.now();
        button.click();
        return now;
      });
      const drawn = async () => Number((await touchscreen.locator('[aria-label="Conseiller"]').getAttribute("data-first-frame-at", { timeout: 500 }).catch(() => null)) ?? 0);
      await expect.poll(drawn, { intervals: [50] }).toBeGreaterThan(began);
      ours.push((await drawn()) - began);
      await touchscreen.getByRole("button", { name: "Raccrocher" }).tap();
      await touchscreen.getByRole("button", { name: /accueil/i }).tap({ timeout: 3000 }).catch(() => undefined);
    }
    await barePage.close();
    await bare.kill();
    for (const p of [50, 95]) {
      add(`call set-up, touch on Appeler to first adviser frame, p${p} of ${calls}`, "ms", percentile(ours, p), percentile(theirs, p), "ratio <= 1.3 (bare connection)");
    }

    const cameraTest = join(world.directory, "camera.test");
    execFileSync("go", ["test", "-c", "-o", cameraTest, "./kiosk/media/camera"], { cwd: root });

    // One long call: latency, CPU and memory.
    await expectHome(touchscreen);
    await touchscreen.getByRole("button", { name: /^CAF/ }).tap();
    await touchscreen.getByRole("button", { name: "Appeler" }).tap();
    await expect(touchscreen.getByRole("button", { name: "Raccrocher" })).toBeVisible();
    await pause(10_000); // congestion control finds its rate
    const stamps = await watch(desk, citizenPicture, 10_000, "on screen");
    const latency = stamps.map((s) => (s.seen % 2 ** 40) - s.captured);
    const part = (of: (s: Stamp) => number | undefined) => percentile(stamps.flatMap((s) => of(s) ?? []), 50);
    const received = part((s) => s.received && (s.received % 2 ** 40) - s.captured);
    const decoding = part((s) => s.decoding);
    add("capture to display, p50", "ms", percentile(latency, 50), undefined, "< 150");
    add("capture to display, p95", "ms", percentile(latency, 95));
    add("pictures shown to the adviser", "a second", (stamps.length - 1) / ((stamps.at(-1)!.seen - stamps[0]!.seen) / 1000));
    add("width of the picture", "pixels", stamps.at(-1)!.width);

    const kiosk = pidOf(world, "kiosk");
    const before = usage(kiosk);
    const began = Date.now();
    await pause(seconds * 1000);
    const after = usage(kiosk);
    const perMinute = ((after.cpu - before.cpu) * 60_000) / (Date.now() - began);
    // The bare encoder at 30 pictures a second while the call goes on, so that both have the same machine.
    const bareMinute = (goCPU(cameraTest, "BenchmarkEncodeBareAt30", 30 * seconds) * 60) / seconds;
    await touchscreen.getByRole("button", { name: "Raccrocher" }).tap();
    // Its parts, as the service tells of them at the end of the call, and as the adviser's browser did.
    const told = (await world.demo!.printed(/a call is over.* encoded_after=(\S+) sent_after=(\S+) /))!;
    await world.demo!.kill("SIGINT");
    const [encoded, sent] = [milliseconds(told[1]!), milliseconds(told[2]!)];
    const encoder = 1000 * (goCPU(cameraTest, "BenchmarkEncodeBare", 300) / 300);
    add("of it: captured and encoded", "ms", encoded, encoder, "(CPU of bare OpenH264 for a picture)");
    add("of it: cut into packets and sent", "ms", sent);
    add("of it: on the network and complete at the browser", "ms", received - encoded - sent);
    add("of it: decoded", "ms", decoding);
    add("of it: waiting for its turn and put on the screen", "ms", percentile(latency, 50) - received - decoding);

    // A minute of 720p at 30 pictures a second, by what encodes them.
    const paths = [["openh264", "OpenH264"], ["vp8", "VP8"], ["own", "the camera's own H.264"]] as const;
    for (const [path, name] of paths) {
      const cpu = (goCPU(cameraTest, `BenchmarkPathAt30$/^${path}`, 10 * 30) * 60) / 10;
      add(`camera to access unit by ${name}, a minute of 720p30`, "CPU seconds", cpu, bareMinute, "(bare OpenH264, 30 a second)");
    }

    // In the device machine, in the same run as OpenH264 on the same camera: the program's own share of the processor.
    const devices = execFileSync("go", ["run", "./firmware/devicetest", "-run", "^TestDeviceProcessor$", "./kiosk/media/camera"], { cwd: root, encoding: "utf8" });
    const [, hardware, software] = devices.match(/processor time a picture: hardware ([\d.]+) ms, software ([\d.]+) ms/)!.map(Number) as [number, number, number];
    add("camera to encoder in hardware, a picture of 720p", "CPU ms", hardware, software, "(the same camera by OpenH264; both in the device machine, without the kernel's share)");

    add("kiosk service, a minute of 720p30 call", "CPU seconds", perMinute, bareMinute, "ratio <= 1.3 (bare OpenH264, 30 a second)");
    add("kiosk service in a call", "MiB resident", after.rss);
    add("camera to access unit", "allocations a frame", goAllocations("./kiosk/media/camera", "BenchmarkCamera", "300x"));
    add("access unit to packets", "allocations a frame", goAllocations("./kiosk/call", "BenchmarkSendPath", "1000x"));
    add("picture to page", "allocations a frame", goAllocations("./kiosk/page", "BenchmarkFrame", "10000x"));
  } finally {
    await world.close();
  }
  table.print("bench", { calls, seconds });
});
