// The self-test before the first call: the adviser sees the own picture, sees that
// the microphone hears, and hears a tone. Nothing is sent anywhere.

import type { Devices } from "./devices";
import { deviceProblem } from "./messages";

/** What the meter shows of a voice at a desk: from a whisper to loud. */
const quietDecibels = -60;
const loudDecibels = -10;
/** A level that only a voice reaches. */
const voice = 0.35;

export class SelfTest {
  picture: MediaStream | undefined;
  problem: string | null = null;
  /** The microphone has heard something since the device was opened. */
  heard = false;
  private sound: MediaStream | undefined;
  private context: AudioContext | undefined;
  private timer = 0;
  private round = 0;

  constructor(private readonly devices: Devices, private readonly changed: () => void) {}

  /** Opens the chosen devices, or opens them anew after another choice. */
  async open(): Promise<void> {
    const round = ++this.round;
    this.release();
    this.heard = false;
    this.problem = null;
    const problems: string[] = [];
    const get = async (constraints: MediaStreamConstraints): Promise<MediaStream | undefined> => {
      try {
        return await navigator.mediaDevices.getUserMedia(constraints);
      } catch (error) {
        problems.push(deviceProblem(error));
        return undefined;
      }
    };
    const picture = await get({ video: this.devices.video() });
    const sound = await get({ audio: this.devices.audio() });
    if (round !== this.round) {
      for (const t of [...(picture?.getTracks() ?? []), ...(sound?.getTracks() ?? [])]) t.stop();
      return;
    }
    this.picture = picture;
    this.sound = sound;
    this.problem = [...new Set(problems)].join(" ") || null;
    if (sound) this.listen(sound);
    await this.devices.look(); // names are there now
  }

  private listen(sound: MediaStream): void {
    this.context = new AudioContext();
    const meter = this.context.createAnalyser();
    meter.fftSize = 1024;
    this.context.createMediaStreamSource(sound).connect(meter);
    const samples = new Float32Array(meter.fftSize);
    this.timer = window.setInterval(() => {
      meter.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, v) => sum + v * v, 0) / samples.length;
      const decibels = 10 * Math.log10(power + 1e-12);
      const level = Math.max(0, Math.min(1, (decibels - quietDecibels) / (loudDecibels - quietDecibels)));
      // Ten times a second: the page as a whole need not be made anew for that.
      document.querySelector("#level")?.setAttribute("value", level.toFixed(2));
      if (level > voice && !this.heard) {
        this.heard = true;
        this.changed();
      }
    }, 100);
  }

  /** Plays two soft tones on the chosen loudspeaker. */
  async play(): Promise<void> {
    const context = new AudioContext();
    const out = context.createMediaStreamDestination();
    const level = context.createGain();
    level.gain.value = 0.2;
    level.connect(out);
    for (const [start, frequency] of [[0.1, 523], [0.6, 659]] as const) {
      const tone = context.createOscillator();
      tone.frequency.value = frequency;
      tone.connect(level);
      tone.start(context.currentTime + start);
      tone.stop(context.currentTime + start + 0.4);
    }
    const element = new Audio();
    element.srcObject = out.stream;
    this.devices.direct(element);
    await element.play();
    setTimeout(() => {
      element.srcObject = null;
      void context.close();
    }, 1500);
  }

  private release(): void {
    clearInterval(this.timer);
    for (const t of [...(this.picture?.getTracks() ?? []), ...(this.sound?.getTracks() ?? [])]) t.stop();
    this.picture = this.sound = undefined;
    void this.context?.close();
    this.context = undefined;
  }

  close(): void {
    this.round++;
    this.release();
  }
}
