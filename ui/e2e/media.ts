// Known pictures and voices, and ways to recognise them at the far end: frame
// stamps read from pixels, and the likeness of two recordings.

import type { Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The stamp's layout is kiosk/media/stamp's: two rows of forty blocks, most significant bit first. */
const columns = 40;

type Colour = readonly [y: number, u: number, v: number];

const wall: Colour = [176, 122, 130];
const shirt: Colour = [70, 150, 112];
const skin: Colour = [170, 108, 150];
const hair: Colour = [52, 122, 134];
const mouth: Colour = [110, 112, 165];

/** An adviser at a desk, in a few ellipses: x and y from 0 to 1, the mouth open by so much. */
function adviser(x: number, y: number, nod: number, open: number): Colour {
  const inside = (cx: number, cy: number, rx: number, ry: number) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
  if (inside(0.5, 0.66 + nod, 0.028, 0.008 + 0.022 * open)) return mouth;
  if (inside(0.47, 0.5 + nod, 0.008, 0.016) || inside(0.53, 0.5 + nod, 0.008, 0.016)) return hair;
  if (inside(0.5, 0.56 + nod, 0.085, 0.19)) return skin;
  if (inside(0.5, 0.48 + nod, 0.105, 0.22)) return hair;
  if (inside(0.5, 1.1, 0.27, 0.36)) return shirt;
  if (inside(0.5, 0.78, 0.045, 0.12)) return skin;
  return wall;
}

/** Writes a Y4M clip of 5 s whose frames carry their number, for Chromium's fake camera. */
export function writeClip(file: string, width = 640, height = 360, frames = 150): void {
  const out = openSync(file, "w");
  writeSync(out, `YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420jpeg\n`);
  const luma = width * height;
  const chroma = luma / 4;
  const frame = Buffer.alloc(luma + 2 * chroma);
  const block = width / columns;
  for (let n = 0; n < frames; n++) {
    const nod = 0.012 * Math.sin((2 * Math.PI * n) / 75);
    const open = Math.abs(Math.sin((2 * Math.PI * n) / 15));
    for (let y = 0; y < height; y += 2) {
      for (let x = 0; x < width; x += 2) {
        const [l, u, v] = adviser(x / width, y / height, nod, open);
        // A little texture that drifts, so that every frame differs everywhere.
        const shade = l + ((x * 3 + y * 5 + 4 * n) % 24) / 4 - (40 * y) / height;
        const at = y * width + x;
        frame[at] = frame[at + 1] = frame[at + width] = frame[at + width + 1] = shade;
        const c = luma + (y / 2) * (width / 2) + x / 2;
        frame[c] = u;
        frame[c + chroma] = v;
      }
    }
    const bytes = [0xa5, (n >> 16) & 255, (n >> 8) & 255, n & 255, 0, 0, 0, 0, 0];
    bytes.push(bytes.reduce((a, b) => a ^ b, 0));
    for (let bit = 0; bit < 80; bit++) {
      const value = (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1 ? 235 : 16;
      const left = (bit % columns) * block;
      const top = Math.floor(bit / columns) * block;
      for (let y = top; y < top + block; y++) frame.fill(value, y * width + left, y * width + left + block);
    }
    writeSync(out, "FRAME\n");
    writeSync(out, frame);
  }
  closeSync(out);
}

/** Speaks a sentence to a 48 kHz WAV file, for Chromium's fake microphone. */
export function writeVoice(file: string, sentence: string): void {
  const spoken = execFileSync("espeak-ng", ["-v", "fr", "-s", "150", "-p", "40", "--stdout", sentence], { maxBuffer: 1 << 26 });
  execFileSync("sox", ["-t", "wav", "-", "-r", "48000", "-c", "1", "-b", "16", file, "gain", "-n", "-6"], { input: spoken });
}

/** Writes tones that follow each other, a quarter of a second each: they stay recognisable where speech does not. */
export function writeTones(file: string, hertz: number[]): void {
  const each = hertz.flatMap((f, i) => [...(i > 0 ? [":"] : []), "synth", "0.25", "sine", String(f)]);
  execFileSync("sox", ["-n", "-r", "48000", "-c", "1", "-b", "16", file, ...each, "gain", "-n", "-9"]);
}

export interface Stamp {
  frame: number;
  /** Milliseconds since the Unix epoch at capture, modulo 2^40; 0 for the adviser's clip. */
  captured: number;
  /** When the page saw it (milliseconds since the Unix epoch). */
  seen: number;
  width: number;
  height: number;
  /** When its last packet had come, and how long it was decoded, in milliseconds: of a stream on screen. */
  received?: number;
  decoding?: number;
}

/**
 * Watches a <video>'s stream or a <canvas> for a while and returns the stamp of
 * every different picture in it, in order. Pictures without a legible stamp are
 * not counted.
 *
 * A stream's pictures are read as they leave the decoder, a canvas's as they are
 * drawn: without a GPU, copying them from the screen takes the processor that they
 * need to get there. Those "on screen" are read there all the same, to measure how
 * late they are.
 */
export function watch(page: Page, selector: string, milliseconds: number, where: "in the stream" | "on screen" = "in the stream"): Promise<Stamp[]> {
  return page.evaluate(
    async ([selector, milliseconds, columns, where]) => {
      const element = document.querySelector(selector) as HTMLVideoElement | HTMLCanvasElement | null;
      if (!element) throw new Error(`no element ${selector}`);
      type Read = { frame: number; captured: number; seen: number; width: number; height: number; received?: number; decoding?: number };
      const stamps: Read[] = [];
      const note = (s: Read | undefined) => {
        if (s && stamps.at(-1)?.frame !== s.frame) stamps.push(s);
      };
      /** The stamp of a picture whose first rows are given, a byte of brightness every so often. */
      const read = (light: Uint8Array | Uint8ClampedArray, step: number, stride: number, width: number, height: number, seen: number): Read | undefined => {
        const block = width / columns;
        const bytes = new Array<number>(10).fill(0);
        for (let bit = 0; bit < 80; bit++) {
          const x = Math.floor(((bit % columns) + 0.5) * block);
          const y = Math.floor((Math.floor(bit / columns) + 0.5) * block);
          if (light[y * stride + x * step]! > 127) bytes[bit >> 3]! |= 0x80 >> (bit & 7);
        }
        if (bytes[0] !== 0xa5 || bytes.reduce((a, b) => a ^ b, 0) !== 0) return undefined;
        const frame = (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!;
        let captured = 0;
        for (const b of bytes.slice(4, 9)) captured = captured * 256 + b;
        return { frame, captured, seen, width, height };
      };
      /** Notes the stamp of a frame as it left the decoder. */
      const noteFrame = async (picture: VideoFrame) => {
        const { width, height } = picture.visibleRect!;
        const seen = Date.now();
        if (width >= 4 * columns) {
          const rect = { x: 0, y: 0, width, height: 2 * Math.ceil(width / columns) };
          const bytes = new Uint8Array(picture.allocationSize({ rect }));
          const [light] = await picture.copyTo(bytes, { rect });
          note(read(bytes.subarray(light!.offset), 1, light!.stride, width, height, seen));
        }
        picture.close();
      };
      const copy = new OffscreenCanvas(1, 1);
      const context = copy.getContext("2d", { willReadFrequently: true })!;
      /** The stamp of what is on the screen. */
      const shown = (): Read | undefined => {
        const width = element instanceof HTMLVideoElement ? element.videoWidth : element.width;
        const height = element instanceof HTMLVideoElement ? element.videoHeight : element.height;
        if (width < 4 * columns) return undefined;
        const rows = Math.ceil((2 * width) / columns);
        if (copy.width !== width) [copy.width, copy.height] = [width, rows]; // setting them makes it anew
        context.drawImage(element, 0, 0, width, rows, 0, 0, width, rows);
        return read(context.getImageData(0, 0, width, rows).data.subarray(1), 4, 4 * width, width, height, Date.now());
      };
      if (where === "on screen") {
        const end = performance.now() + milliseconds;
        await new Promise<void>((done) => {
          const step = (_?: number, known?: VideoFrameCallbackMetadata) => {
            const picture = shown();
            // https://wicg.github.io/video-rvfc/
            if (picture && known?.receiveTime !== undefined) picture.received = performance.timeOrigin + known.receiveTime;
            if (picture && known?.processingDuration !== undefined) picture.decoding = 1000 * known.processingDuration;
            note(picture);
            if (performance.now() > end) return done();
            if (element instanceof HTMLVideoElement) element.requestVideoFrameCallback(step);
            else requestAnimationFrame(() => step());
          };
          step();
          // A stream that has stopped calls nobody back.
          setTimeout(done, milliseconds + 500);
        });
        return stamps;
      }
      if (element instanceof HTMLCanvasElement) {
        // What the page draws on it is read as it is drawn, and the canvas itself once, at the end.
        const real = element.getContext("2d")!;
        let chain = Promise.resolve();
        real.drawImage = (image: CanvasImageSource, ...rest: number[]) => {
          CanvasRenderingContext2D.prototype.drawImage.apply(real, [image, ...rest] as never);
          if (!(image instanceof VideoFrame)) return;
          const picture = image.clone();
          chain = chain.then(() => noteFrame(picture));
        };
        await new Promise((done) => setTimeout(done, milliseconds));
        delete (real as { drawImage?: unknown }).drawImage;
        const last = shown();
        await chain;
        if (stamps.length > 0 && last?.frame !== stamps.at(-1)!.frame) throw new Error(`${selector} shows ${JSON.stringify(last)}, not what was drawn last: ${JSON.stringify(stamps.at(-1))}`);
        return stamps;
      }
      // https://www.w3.org/TR/mediacapture-transform/, which TypeScript does not know.
      const Processor = (window as unknown as { MediaStreamTrackProcessor: new (o: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> } }).MediaStreamTrackProcessor;
      const track = (element.srcObject as MediaStream | null)?.getVideoTracks()[0]?.clone();
      if (!track) return stamps;
      const reader = new Processor({ track }).readable.getReader();
      // A stream that has stopped gives nothing any more.
      const over = new Promise<undefined>((done) => setTimeout(done, milliseconds));
      for (;;) {
        const got = await Promise.race([reader.read(), over]);
        if (!got?.value) break;
        await noteFrame(got.value);
      }
      await reader.cancel();
      track.stop();
      return stamps;
    },
    [selector, milliseconds, columns, where] as const,
  );
}

/** Different pictures a second. */
export function rate(stamps: Stamp[]): number {
  if (stamps.length < 2) return 0;
  return ((stamps.length - 1) * 1000) / (stamps.at(-1)!.seen - stamps[0]!.seen);
}

export interface Sound {
  rate: number;
  samples: Float32Array;
}

/** Records what a page's <video> plays, before its volume is applied. */
export async function listen(page: Page, selector: string, milliseconds: number): Promise<Sound> {
  const { rate, text } = await page.evaluate(
    async ([selector, milliseconds]) => {
      const element = document.querySelector(selector) as HTMLVideoElement;
      const context = new AudioContext({ sampleRate: 48000 });
      const source = context.createMediaStreamSource(element.srcObject as MediaStream);
      const recorder = context.createScriptProcessor(4096, 1, 1);
      const parts: Int16Array[] = [];
      recorder.onaudioprocess = (event) => {
        parts.push(Int16Array.from(event.inputBuffer.getChannelData(0), (v) => Math.max(-1, Math.min(1, v)) * 32767));
      };
      source.connect(recorder);
      recorder.connect(context.destination);
      await new Promise((done) => setTimeout(done, milliseconds));
      await context.close();
      const bytes = new Uint8Array(parts.reduce((n, p) => n + p.byteLength, 0));
      let at = 0;
      for (const p of parts) {
        bytes.set(new Uint8Array(p.buffer), at);
        at += p.byteLength;
      }
      let text = "";
      for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return { rate: 48000, text: btoa(text) };
    },
    [selector, milliseconds] as const,
  );
  const bytes = Buffer.from(text, "base64");
  const pcm = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  return { rate, samples: Float32Array.from(pcm, (v) => v / 32768) };
}

/** Reads a 16-bit PCM WAV file; only its first channel. */
export function readWAV(file: string): Sound {
  const b = readFileSync(file);
  let rate = 0;
  let channels = 1;
  for (let at = 12; at + 8 <= b.length; ) {
    const id = b.toString("latin1", at, at + 4);
    const size = b.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === "fmt ") {
      channels = b.readUInt16LE(body + 2);
      rate = b.readUInt32LE(body + 4);
    } else if (id === "data") {
      const end = size > 0 ? Math.min(b.length, body + size) : b.length; // 0: whoever writes it has not closed it yet
      const count = Math.floor((end - body) / (2 * channels));
      const samples = new Float32Array(count);
      for (let i = 0; i < count; i++) samples[i] = b.readInt16LE(body + 2 * channels * i) / 32768;
      return { rate, samples };
    }
    at = body + size + (size & 1);
  }
  throw new Error(`${file}: no PCM data`);
}

const bandsHz = [200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700];

/** The power of one frequency in a weighted stretch of sound, by Goertzel's algorithm: one bin of a Fourier transform. */
function power(sound: Sound, start: number, hertz: number, weights: Float64Array): number {
  const c = 2 * Math.cos((2 * Math.PI * hertz) / sound.rate);
  let a = 0;
  let b = 0;
  for (let n = 0; n < weights.length; n++) {
    const s = sound.samples[start + n]! * weights[n]! + c * a - b;
    b = a;
    a = s;
  }
  return a * a + b * b - c * a * b;
}

/** The energy of speech's bands every 10 ms, in decibels: what survives codecs, gain control and noise suppression. */
function bands(sound: Sound): Float32Array[] {
  const hop = sound.rate / 100;
  const window = hop * 2;
  const hann = Float64Array.from({ length: window }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / window));
  const frames: Float32Array[] = [];
  for (let start = 0; start + window <= sound.samples.length; start += hop) {
    const out = new Float32Array(bandsHz.length);
    for (const [i, f] of bandsHz.entries()) {
      out[i] = 10 * Math.log10(power(sound, start, f, hann) + 1e-4);
    }
    frames.push(out);
  }
  return frames;
}

/**
 * How alike a recording is to a part of a reference that is played in a loop:
 * the best correlation of their band energies over all shifts, 1 being equal.
 */
export const likeness = (recording: Sound, reference: Sound): number => align(recording, reference).likeness;

/** The place in a looped reference where a recording is most like it, in milliseconds, to 10 of them. */
export function align(recording: Sound, reference: Sound): { likeness: number; milliseconds: number } {
  const heard = bands(recording);
  const said = bands(reference);
  const best = { likeness: 0, milliseconds: 0 };
  for (let shift = 0; shift < said.length; shift++) {
    let sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0, n = 0;
    for (let i = 0; i < heard.length; i++) {
      const x = heard[i]!;
      const y = said[(i + shift) % said.length]!;
      for (let k = 0; k < x.length; k++) {
        sx += x[k]!;
        sy += y[k]!;
        sxx += x[k]! * x[k]!;
        syy += y[k]! * y[k]!;
        sxy += x[k]! * y[k]!;
        n++;
      }
    }
    const r = (n * sxy - sx * sy) / Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy) || 1);
    if (r > best.likeness) Object.assign(best, { likeness: r, milliseconds: 10 * shift });
  }
  return best;
}

/** The part of a sound's energy that is in tones of these frequencies, give or take a few hertz: 0 to 1. */
export function tones(sound: Sound, hertz: number[]): number {
  const window = sound.rate / 10; // 10 Hz wide
  const evenly = new Float64Array(window).fill(1);
  let inTones = 0;
  let all = 0;
  for (let start = 0; start + window <= sound.samples.length; start += window) {
    for (const v of sound.samples.subarray(start, start + window)) all += v * v;
    for (const f of hertz) {
      for (const near of [f - 10, f, f + 10]) inTones += (2 * power(sound, start, near, evenly)) / window;
    }
  }
  return all > 0 ? inTones / all : 0;
}

/** The same sound played backwards: as loud and as rich, but not the same words. */
export function backwards(sound: Sound): Sound {
  return { rate: sound.rate, samples: Float32Array.from(sound.samples).reverse() };
}

/**
 * What the booth's simulated microphone says again and again, decoded from the
 * file that the service embeds: whole packets, as the service decodes them, and not
 * without what RFC 7845 has a player skip at the beginning and the end.
 */
export function boothSpeech(directory: string): Sound {
  const opus = join(__dirname, "../../kiosk/media/audio/speech.opus");
  const wav = join(directory, "booth-speech.wav");
  execFileSync("opusdec", ["--quiet", "--force-wav", "--rate", "48000", opus, wav]);
  const heard = readWAV(wav);
  const file = readFileSync(opus);
  const skipped = file.readUInt16LE(file.indexOf("OpusHead") + 10);
  const end = Number(file.readBigUInt64LE(file.lastIndexOf("OggS") + 6));
  const packet = heard.rate / 50;
  const samples = new Float32Array(Math.ceil(end / packet) * packet);
  samples.set(heard.samples, skipped);
  return { rate: heard.rate, samples };
}
