// Measures lip sync at both ends of a call: how much later the picture is than
// the sound that belongs to it. Both ends know when a picture and a sound were
// made: the booth's simulated camera stamps the time, its microphone says what
// depends on the clock alone; the adviser's are watched where they are made.

import { expect, test, type Page } from "@playwright/test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { align, boothSpeech, readWAV, watch, writeClip, writeVoice, type Sound } from "../media";
import { Alone, pause } from "../rig";
import { adviserPicture, answer, call, citizenPicture, expectHome, expectTalk } from "../steps";
import { percentile, Table } from "./table";

const times = Number(process.env["BENCH_SYNC"] ?? 3);
const table = new Table();

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

/** When the booth's simulated microphone began to say what it says again and again. */
const speechBegan = Date.UTC(2000, 0, 1);

const length = (sound: Sound) => (1000 * sound.samples.length) / sound.rate;

test("lip sync", async () => {
  const world = new Alone();
  try {
    const clip = join(world.directory, "clip.y4m");
    const voice = join(world.directory, "voice.wav");
    writeClip(clip);
    writeVoice(voice, "Bonjour, je vous écoute, quelle est votre question aujourd'hui ? Je regarde votre dossier.");
    await world.startDemo();
    const touchscreen = await world.touchscreen();
    await expectHome(touchscreen);
    const desk = await world.desk("caf", { clip, voice });
    await call(touchscreen, "CAF");
    await answer(desk);
    await expectTalk(touchscreen, desk);
    await pause(5000); // jitter buffers find their size
    const speech = boothSpeech(world.directory);
    const said = readWAV(voice);
    const recording = join(world.directory, "speaker.wav");
    // The first call makes the file.
    const speakerBegan = statSync(recording).birthtimeMs;
    const atDesk: number[] = [];
    const atBooth: number[] = [];
    for (let n = 0; n < times; n++) {
      const [pictures, sound] = await Promise.all([watch(desk, citizenPicture, 4000), listenTimed(desk, citizenPicture, 4000)]);
      const heard = align(sound, speech);
      expect(heard.likeness, "the booth's speech at the desk").toBeGreaterThan(0.6);
      const soundDelay = difference(sound.began - speechBegan, heard.milliseconds, length(speech));
      const pictureDelay = percentile(pictures.map((s) => (s.seen % 2 ** 40) - s.captured), 50);
      console.log(`at the desk: picture ${pictureDelay.toFixed(0)} ms, sound ${soundDelay.toFixed(0)} ms`);
      atDesk.push(pictureDelay - soundDelay);

      const [made, spoken, shown] = await Promise.all([watch(desk, "#own", 4000), listenTimed(desk, "#own", 4000), watch(touchscreen, adviserPicture, 5000)]);
      await pause(2000); // what was played is in the file
      const file = readWAV(recording);
      const first = Math.round((spoken.began + 500 - speakerBegan) * (file.rate / 1000));
      const played = align({ rate: file.rate, samples: file.samples.slice(first, first + 4 * file.rate) }, said);
      const local = align(spoken, said);
      expect(Math.min(played.likeness, local.likeness), "the adviser's words").toBeGreaterThan(0.6);
      const voiceDelay = difference(spoken.began + 500 - played.milliseconds, spoken.began - local.milliseconds, length(said));
      const madeAt = new Map(made.map((s) => [s.frame, s.seen]));
      const clipDelays = shown.flatMap((s) => (madeAt.has(s.frame) ? [difference(s.seen, madeAt.get(s.frame)!, 5000)] : []));
      const clipDelay = percentile(clipDelays, 50);
      console.log(`at the booth: picture ${clipDelay.toFixed(0)} ms, sound ${voiceDelay.toFixed(0)} ms`);
      atBooth.push(clipDelay - voiceDelay);
    }
    table.add(`lip sync at the desk: the picture later than the sound, median of ${times}`, "ms", percentile(atDesk, 50), undefined, "within 100");
    table.add(`lip sync at the booth: the picture later than the sound, median of ${times}`, "ms", percentile(atBooth, 50), undefined, "within 100");
  } finally {
    await world.close();
  }
  table.print("sync", { times });
});
