// Measures lip sync at both ends of a call, on a quiet line and on one with
// jitter: how much later the picture is than the sound that belongs to it.
//
// Both ends know when a picture and a sound were made. The booth's simulated
// camera stamps the time, and its microphone says what depends on the time alone.
// The adviser's browser sends, instead of a camera's and a microphone's, a canvas
// with such stamps and a beep at each full second. Everything is on one machine and
// so by one clock.

import { expect, test, type Page } from "@playwright/test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { align, boothSpeech, readWAV, watch, type Sound } from "../media";
import { Cable, type Line } from "../lab/cable";
import { pause, World } from "../rig";
import { adviserPicture, answer, call, citizenPicture, expectHome, expectTalk } from "../steps";
import { percentile, Table } from "./table";

const times = Number(process.env["BENCH_SYNC"] ?? 5);
const table = new Table();

/** When the booth's simulated microphone began to say what it says again and again. */
const speechBegan = Date.UTC(2000, 0, 1);
const beepHertz = 1000;

/** Has a page send a stamped canvas, and a beep at each full second, as if from a camera and a microphone. */
function sendClock(desk: Page): Promise<void> {
  return desk.evaluate(
    ([columns, hertz]) => {
      const canvas = document.createElement("canvas");
      canvas.width = 640;
      canvas.height = 360;
      const context = canvas.getContext("2d")!;
      const block = canvas.width / columns;
      let n = 0;
      const draw = () => {
        context.fillStyle = `hsl(${n % 360} 40% 50%)`;
        context.fillRect(0, 0, canvas.width, canvas.height);
        const captured = Date.now() % 2 ** 40;
        const bytes = [0xa5, (n >> 16) & 255, (n >> 8) & 255, n & 255];
        for (let shift = 32; shift >= 0; shift -= 8) bytes.push(Math.floor(captured / 2 ** shift) & 255);
        bytes.push(bytes.reduce((a, b) => a ^ b, 0));
        for (let bit = 0; bit < 80; bit++) {
          context.fillStyle = (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1 ? "white" : "black";
          context.fillRect((bit % columns) * block, Math.floor(bit / columns) * block, block, block);
        }
        n++;
      };
      draw();
      setInterval(draw, 1000 / 30);
      const sound = new AudioContext({ sampleRate: 48000 });
      const out = sound.createMediaStreamDestination();
      let last = 0;
      setInterval(() => {
        const next = Math.ceil(Date.now() / 1000) * 1000;
        if (next === last || next - Date.now() > 600) return;
        last = next;
        const at = sound.currentTime + (next - Date.now()) / 1000;
        const beep = new OscillatorNode(sound, { frequency: hertz });
        const envelope = new GainNode(sound, { gain: 0.5 });
        beep.connect(envelope).connect(out);
        beep.start(at);
        beep.stop(at + 0.15);
      }, 100);
      const stream = new MediaStream([...canvas.captureStream(30).getTracks(), ...out.stream.getTracks()]);
      navigator.mediaDevices.getUserMedia = () => Promise.resolve(stream.clone());
      return sound.resume();
    },
    [40, beepHertz] as const,
  );
}

/** Records what an element plays, with the time of its first sample (milliseconds since the Unix epoch). */
async function listenTimed(page: Page, selector: string, milliseconds: number): Promise<Sound & { began: number }> {
  const { began, samples } = await page.evaluate(
    async ([selector, milliseconds]) => {
      const element = document.querySelector(selector) as HTMLVideoElement;
      const context = new AudioContext({ sampleRate: 48000 });
      const source = context.createMediaStreamSource(element.srcObject as MediaStream);
      const recorder = context.createScriptProcessor(512, 1, 1);
      const samples: number[] = [];
      // A busy page is told late: the earliest is right.
      let began = Infinity;
      recorder.onaudioprocess = (event) => {
        for (const v of event.inputBuffer.getChannelData(0)) samples.push(Math.round(v * 32767));
        began = Math.min(began, Date.now() - samples.length / 48);
      };
      source.connect(recorder);
      recorder.connect(context.destination);
      await new Promise((done) => setTimeout(done, milliseconds));
      await context.close();
      return { began, samples };
    },
    [selector, milliseconds] as const,
  );
  return { rate: 48000, samples: Float32Array.from(samples, (v) => v / 32768), began };
}

/** The difference of two moments of something that repeats, as near to zero as it can be. */
function difference(late: number, early: number, period: number): number {
  const d = (((late - early) % period) + period) % period;
  return d > period / 2 ? d - period : d;
}

/** When the beeps of the last few seconds of a recording began: milliseconds into a second. */
function beeps(file: string, seconds: number): number[] {
  // The speaker's file grows by whole seconds, each written when its last sample was played.
  const { samples, rate } = readWAV(file);
  const end = statSync(file).mtimeMs;
  const step = rate / 200;
  const loud: number[] = [];
  const first = Math.max(0, samples.length - seconds * rate);
  for (let at = first; at + step <= samples.length; at += step) {
    let re = 0;
    let im = 0;
    for (let i = 0; i < step; i++) {
      const phase = (2 * Math.PI * beepHertz * i) / rate;
      re += samples[at + i]! * Math.cos(phase);
      im += samples[at + i]! * Math.sin(phase);
    }
    loud.push(re * re + im * im);
  }
  const limit = Math.max(...loud) / 4;
  const begun: number[] = [];
  for (let i = 20; i < loud.length; i++) {
    if (loud[i]! > limit && Math.max(...loud.slice(i - 20, i)) <= limit) {
      const sample = first + i * step;
      begun.push((end - ((samples.length - sample) * 1000) / rate) % 1000);
    }
  }
  return begun;
}

const lines: { name: string; line: Partial<Line> }[] = [
  { name: "good line", line: {} },
  { name: "60 ms of delay, 30 of jitter", line: { delayMs: 60, jitterMs: 30 } },
];

for (const { name, line } of lines) {
  test(`lip sync, ${name}`, async () => {
    const world = new World("none");
    const cable = new Cable(world);
    try {
      await cable.ready();
      const recording = join(world.directory, "speaker.wav");
      const site = world.site("gien");
      await world.startHub();
      const booth = await world.startBooth(site, { record: recording });
      const touchscreen = await world.touchscreen(booth.url);
      await expectHome(touchscreen);
      const desk = await world.desk("caf");
      await sendClock(desk);
      await cable.become(line);
      await call(touchscreen, "CAF");
      await answer(desk);
      await expectTalk(touchscreen, desk);
      await pause(15_000); // reports come every few seconds, and jitter buffers find their size
      const speech = boothSpeech(world.directory);
      const length = (1000 * speech.samples.length) / speech.rate;
      const atDesk: number[] = [];
      const atBooth: number[] = [];
      for (let n = 0; n < times; n++) {
        const [pictures, sound] = await Promise.all([watch(desk, citizenPicture, 4000, "on screen"), listenTimed(desk, citizenPicture, 4000)]);
        const heard = align(sound, speech);
        expect(heard.likeness, "the booth's speech at the desk").toBeGreaterThan(0.5);
        const soundDelay = difference(sound.began - speechBegan, heard.milliseconds, length);
        const pictureDelay = percentile(pictures.map((s) => (s.seen % 2 ** 40) - s.captured), 50);
        console.log(`at the desk: picture ${pictureDelay.toFixed(0)} ms, sound ${soundDelay.toFixed(0)} ms, ${pictures.length} pictures`);
        atDesk.push(pictureDelay - soundDelay);

        const shown = await watch(touchscreen, adviserPicture, 5000, "on screen");
        await pause(1200); // what was played is in the file
        const played = beeps(recording, 6);
        expect(played.length, "beeps at the booth").toBeGreaterThan(2);
        const beepDelay = percentile(played, 50);
        const clipDelay = percentile(shown.map((s) => (s.seen % 2 ** 40) - s.captured), 50);
        console.log(`at the booth: picture ${clipDelay.toFixed(0)} ms, sound ${beepDelay.toFixed(0)} ms (${played.map((v) => v.toFixed(0)).join(" ")}), ${shown.length} pictures`);
        atBooth.push(clipDelay - beepDelay);
      }
      table.add(`lip sync at the desk, ${name}: picture later than sound, median of ${times}`, "ms", percentile(atDesk, 50), undefined, "within 100");
      table.add(`lip sync at the booth, ${name}: picture later than sound, median of ${times}`, "ms", percentile(atBooth, 50), undefined, "within 100");
      for (const d of [percentile(atDesk, 50), percentile(atBooth, 50)]) expect(Math.abs(d)).toBeLessThan(100);
    } finally {
      await world.close();
      await cable.unplug();
    }
  });
}

test.afterAll(() => table.print("sync", { times }));
