// Pictures: encoded frames come from the kiosk over a binary websocket, and are
// decoded here with WebCodecs and drawn on canvases. The newest frame that is due is
// drawn, older ones are dropped: a talk has no use for the past. A frame is due when
// its sound is heard, which the kiosk plays and therefore knows.

import { streamAdviser, streamOwn } from "../common/screen";

const headerBytes = 20;
const codecH264 = 1;
const codecVP8 = 2;
// A busy page gets its frames late and all together, and decodes them faster than
// they come: only more than a second of them means that it cannot follow.
const maxQueue = 30;
// A picture waits for its sound no longer, in milliseconds: the service's clock was set if it should.
const mostWait = 500;
// Decoded pictures that wait, at most: each takes a decoder's buffer.
const mostWaiting = 15;

// A decoder is told the family only: an Annex B stream brings its own parameter
// sets, and a change of size needs no new decoder.
const families: Record<number, string> = { [codecH264]: "avc1.42e01f", [codecVP8]: "vp8" };

class Stream {
  private decoder: VideoDecoder | undefined;
  private codec = 0;
  private needKey = true;
  /** When frames are due that the decoder has, by their timestamps: milliseconds since the Unix epoch, 0 for at once. */
  private readonly due = new Map<number, number>();
  /** Decoded frames that are not drawn yet, in order. */
  private waiting: { frame: VideoFrame; due: number }[] = [];
  private drawing = 0;
  private frames = 0;

  constructor(
    private readonly canvas: () => HTMLCanvasElement | null,
    private readonly askKey: () => void,
  ) {
    // A decoder takes a while to start, and H.264 is what comes: have one ready.
    this.configure(codecH264);
  }

  take(codec: number, key: boolean, timestamp: number, due: number, payload: Uint8Array): void {
    if (key && (codec !== this.codec || this.decoder?.state !== "configured")) this.configure(codec);
    if (codec !== this.codec) {
      this.askKey();
      return;
    }
    const decoder = this.decoder;
    if (decoder?.state !== "configured") {
      this.askKey();
      return;
    }
    if (decoder.decodeQueueSize > maxQueue && !key) {
      this.needKey = true;
    }
    if (this.needKey && !key) {
      // Again and again: the far end answers no wish that comes soon after its last key frame.
      this.askKey();
      return;
    }
    this.needKey = false;
    this.due.set(timestamp, due);
    decoder.decode(new EncodedVideoChunk({ type: key ? "key" : "delta", timestamp, data: payload }));
  }

  private configure(codec: number): void {
    const name = families[codec];
    if (name === undefined) return; // a newer kiosk's
    this.close();
    this.codec = codec;
    this.decoder = new VideoDecoder({
      output: (frame) => this.show(frame),
      error: () => {
        // The decoder is closed now; the next key frame makes another.
        this.needKey = true;
        this.askKey();
      },
    });
    this.decoder.configure({ codec: name, optimizeForLatency: true });
  }

  private show(frame: VideoFrame): void {
    const due = this.due.get(frame.timestamp) ?? 0;
    // Frames leave the decoder in order: what came before and is still here was none.
    for (const timestamp of this.due.keys()) if (timestamp <= frame.timestamp) this.due.delete(timestamp);
    this.waiting.push({ frame, due });
    if (this.waiting.length > mostWaiting) this.waiting.shift()?.frame.close();
    this.drawing ||= requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.drawing = 0;
    const now = Date.now();
    let frame: VideoFrame | undefined;
    while (this.waiting[0] && (this.waiting[0].due <= now || this.waiting[0].due > now + mostWait)) {
      frame?.close();
      frame = this.waiting.shift()!.frame;
    }
    if (this.waiting.length > 0) this.drawing = requestAnimationFrame(() => this.draw());
    const canvas = this.canvas();
    if (frame && canvas) {
      if (canvas.width !== frame.displayWidth || canvas.height !== frame.displayHeight) {
        canvas.width = frame.displayWidth;
        canvas.height = frame.displayHeight;
      }
      canvas.getContext("2d")?.drawImage(frame, 0, 0);
      // For diagnostics and measurements.
      if (this.frames++ === 0) canvas.dataset["firstFrameAt"] = String(Date.now());
      canvas.dataset["frames"] = String(this.frames);
    }
    frame?.close();
  }

  close(): void {
    if (this.decoder && this.decoder.state !== "closed") this.decoder.close();
    this.decoder = undefined;
    for (const w of this.waiting) w.frame.close();
    this.waiting = [];
    this.due.clear();
    if (this.drawing) cancelAnimationFrame(this.drawing);
    this.drawing = 0;
    this.needKey = true;
  }
}

/** The pictures of one call, until close(). */
export class Pictures {
  private readonly socket: WebSocket;
  private readonly streams: Record<number, Stream>;
  private readonly asked: Record<number, number> = {};

  constructor(page: string, canvas: (stream: number) => HTMLCanvasElement | null, ended: () => void) {
    this.streams = Object.fromEntries(
      [streamAdviser, streamOwn].map((n) => [n, new Stream(() => canvas(n), () => this.askKey(n))]),
    );
    this.socket = new WebSocket(`ws://${location.host}/video?page=${encodeURIComponent(page)}`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = (event: MessageEvent<ArrayBuffer>) => {
      const head = new DataView(event.data, 0, headerBytes);
      this.streams[head.getUint8(0)]?.take(
        head.getUint8(1),
        (head.getUint8(2) & 1) !== 0,
        Number(head.getBigUint64(4)),
        Number(head.getBigUint64(12)),
        new Uint8Array(event.data, headerBytes),
      );
    };
    this.socket.onclose = ended;
  }

  private askKey(stream: number): void {
    const now = performance.now();
    if (this.socket.readyState !== WebSocket.OPEN || now - (this.asked[stream] ?? -1000) < 300) return;
    this.asked[stream] = now;
    this.socket.send(JSON.stringify({ key: stream }));
  }

  close(): void {
    this.socket.onclose = null;
    this.socket.close();
    for (const s of Object.values(this.streams)) s.close();
  }
}
