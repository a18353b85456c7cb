// The booth's own image in an emulated machine, driven as a person would: by
// what its panel shows and by touches on it.

import { createConnection, type Socket } from "node:net";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { pause, Process, root, type Namespace } from "../rig";

/** The panel that UEFI gives the machine. */
export const panel = { width: 800, height: 600 };

/** A site's file whose waiting screen stays away, which has its own time and languages: the panel is compared with a page. */
export const wakeful = (yaml: string): string => `${yaml.trimEnd()}\nlimits:\n  idle: 30m\n`;

/** A picture of the panel. */
export interface Shot {
  width: number;
  height: number;
  /** Red, green, blue, line by line. */
  pixels: Uint8Array;
}

/** QEMU's monitor (QMP): one question at a time, as QEMU answers them. */
class Monitor {
  private readonly socket: Socket;
  private buffer = "";
  private waiting: ((answer: { return?: unknown; error?: { desc: string } }) => void)[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk) => {
      this.buffer += chunk.toString();
      for (let end = this.buffer.indexOf("\n"); end >= 0; end = this.buffer.indexOf("\n")) {
        const message = JSON.parse(this.buffer.slice(0, end));
        this.buffer = this.buffer.slice(end + 1);
        if ("return" in message || "error" in message) this.waiting.shift()?.(message);
      }
    });
    socket.on("error", () => undefined); // a machine whose plug was pulled
    socket.on("close", () => {
      for (const w of this.waiting.splice(0)) w({ error: { desc: "the machine is off" } });
    });
  }

  static async open(path: string): Promise<Monitor> {
    for (let attempt = 0; ; attempt++) {
      try {
        const socket = await new Promise<Socket>((done, failed) => {
          const s = createConnection(path, () => done(s));
          s.once("error", failed);
        });
        const monitor = new Monitor(socket);
        await monitor.do("qmp_capabilities");
        return monitor;
      } catch (error) {
        if (attempt === 100) throw error;
        await pause(100);
      }
    }
  }

  async do(command: string, args: object = {}): Promise<unknown> {
    const answer = await new Promise<{ return?: unknown; error?: { desc: string } }>((done) => {
      this.waiting.push(done);
      this.socket.write(JSON.stringify({ execute: command, arguments: args }) + "\n");
    });
    if (answer.error) throw new Error(`${command}: ${answer.error.desc}`);
    return answer.return;
  }
}

export interface MachineOptions {
  directory: string;
  namespace: Namespace;
  image?: string;
  /** What a technician writes into visioborne.yaml; no file on the card when absent. */
  settings?: string;
  /** Ports of the namespace's loopback, and the machine's that they lead to: "8443:8443". */
  forward?: string;
  /** A WAV file for what its USB sound card plays. */
  speaker?: string;
  /** What its clock says when it is switched on; the right time when absent. */
  clock?: string;
}

export class Machine {
  private monitor?: Monitor;
  private qemu?: Process;
  private readonly serial: string;
  private readonly disk: string;
  private earlier = "";

  constructor(readonly options: MachineOptions) {
    this.serial = join(options.directory, "serial.log");
    this.disk = join(options.directory, "disk.qcow2");
  }

  /** Switches the power on; fresh: with a newly flashed card. */
  async on(fresh = false): Promise<void> {
    const qmp = join(this.options.directory, "qmp");
    const args = ["-disk", this.disk, "-qmp", qmp, "-serial", this.serial, "-display", "none", "-forward", this.options.forward ?? "",
      "-image", this.options.image ?? join(root, "build/visioborne.img")];
    if (this.options.speaker) args.push("-speaker", this.options.speaker);
    if (this.options.clock) args.push("-rtc", this.options.clock);
    if (fresh) {
      args.push("-fresh");
      if (this.options.settings === undefined) args.push("-bare");
      else {
        const file = join(this.options.directory, "visioborne.yaml");
        writeFileSync(file, this.options.settings);
        args.push("-settings", file);
      }
    }
    rmSync(qmp, { force: true });
    if (existsSync(this.serial)) this.earlier += readFileSync(this.serial, "utf8");
    this.qemu = new Process("machine", "ip", ["netns", "exec", this.options.namespace.name, join(root, "build/qemu"), ...args]);
    try {
      this.monitor = await Monitor.open(qmp);
    } catch (error) {
      throw new Error(`the machine does not start: ${this.qemu.output} (${String(error)})`);
    }
  }

  /** The switch at the wall. */
  async off(): Promise<void> {
    await this.qemu?.kill("SIGKILL");
    delete this.monitor;
  }

  /** What the serial console has said since the power was switched on. */
  log(): string {
    return existsSync(this.serial) ? readFileSync(this.serial, "latin1") : "";
  }

  /** Waits for a line on the serial console, the nth since the power came. */
  async says(pattern: RegExp, milliseconds: number, nth = 1): Promise<RegExpMatchArray> {
    const end = Date.now() + milliseconds;
    for (;;) {
      const found = [...this.log().matchAll(new RegExp(pattern, "g"))];
      if (found.length >= nth) return found[nth - 1]!;
      if (Date.now() > end) throw new Error(`the machine did not say ${pattern} (${nth}) within ${milliseconds} ms; it said:\n${this.log().slice(-4000)}`);
      await pause(50);
    }
  }

  /** Plugs a USB stick in whose content is a file's. */
  async plugStick(name: string, file: string): Promise<void> {
    await this.monitor!.do("blockdev-add", { driver: "raw", "node-name": name, "read-only": true, file: { driver: "file", filename: file, "read-only": true } });
    await this.monitor!.do("device_add", { driver: "usb-storage", id: name, drive: name });
  }

  async plugKeyboard(): Promise<void> {
    await this.monitor!.do("device_add", { driver: "usb-kbd", id: "keyboard" });
  }

  async unplug(name: string): Promise<void> {
    await this.monitor!.do("device_del", { id: name });
  }

  /** Keys pressed together, by QEMU's names: "ctrl", "t". */
  async press(...keys: string[]): Promise<void> {
    await this.monitor!.do("send-key", { keys: keys.map((data) => ({ type: "qcode", data })) });
    await pause(400);
  }

  async shot(): Promise<Shot> {
    const file = join(this.options.directory, "shot.ppm");
    await this.monitor!.do("screendump", { filename: file });
    const b = readFileSync(file);
    const header = b.subarray(0, 64).toString("latin1").match(/^P6\n(\d+) (\d+)\n255\n/)!;
    return { width: Number(header[1]), height: Number(header[2]), pixels: b.subarray(header[0].length) };
  }

  /** Keeps the last picture among the test's results, for whoever reads a failure. */
  keepShot(name = "panel"): void {
    mkdirSync(join(root, "ui/e2e/test-results"), { recursive: true });
    copyFileSync(join(this.options.directory, "shot.ppm"), join(root, `ui/e2e/test-results/${name}.ppm`));
  }

  /** A finger on the panel, for a moment or longer. */
  async touch(x: number, y: number, milliseconds = 200): Promise<void> {
    const abs = (axis: string, value: number) => ({ type: "abs", data: { axis, value: Math.round(value * 32767) } });
    const button = (down: boolean) => ({ type: "btn", data: { down, button: "left" } });
    await this.monitor!.do("input-send-event", { events: [abs("x", x / panel.width), abs("y", y / panel.height)] });
    await pause(150);
    await this.monitor!.do("input-send-event", { events: [button(true)] });
    await pause(milliseconds);
    await this.monitor!.do("input-send-event", { events: [button(false)] });
    await pause(600);
  }

  /** Waits until the panel shows what a page shows. */
  async shows(page: Page, milliseconds: number): Promise<void> {
    const end = Date.now() + milliseconds;
    for (;;) {
      // Anew each time: the page moves by some pixels now and then, as the panel does.
      const difference = distance(blocks(await this.shot()), blocks(await decode(page)));
      if (difference.share < mostDifferent) return;
      if (Date.now() > end) {
        this.keepShot();
        await page.screenshot({ path: join(root, "ui/e2e/test-results/expected.png") });
        throw new Error(`after ${milliseconds} ms the panel (see test-results/panel.ppm and expected.png) differs in ${(100 * difference.share).toFixed(1)} % of its area; the console says:\n${this.log().slice(-3000)}`);
      }
      await pause(1500);
    }
  }
}

/** The part of the panel that may look otherwise than the page: letters are large, and smoothed otherwise. */
const mostDifferent = 0.09;
const columns = 50;
const rows = 37;

/** Mean colours of the picture's fields: fonts are smoothed a little differently from machine to machine. */
function blocks(shot: Shot): Float64Array {
  const sums = new Float64Array(columns * rows * 3);
  const counts = new Float64Array(columns * rows);
  for (let y = 0; y < shot.height; y++) {
    for (let x = 0; x < shot.width; x++) {
      const field = Math.floor((y * rows) / shot.height) * columns + Math.floor((x * columns) / shot.width);
      counts[field]!++;
      for (let c = 0; c < 3; c++) sums[3 * field + c]! += shot.pixels[3 * (y * shot.width + x) + c]!;
    }
  }
  return sums.map((s, i) => s / counts[Math.floor(i / 3)]!);
}

/** The share of fields whose colour differs visibly. */
function distance(a: Float64Array, b: Float64Array): { share: number } {
  let different = 0;
  for (let i = 0; i < a.length; i += 3) {
    if (Math.max(...[0, 1, 2].map((c) => Math.abs(a[i + c]! - b[i + c]!))) > 24) different++;
  }
  return { share: different / (a.length / 3) };
}

/** What a page shows, as pixels. */
async function decode(page: Page): Promise<Shot> {
  const png = (await page.screenshot({ animations: "disabled" })).toString("base64");
  const base64 = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = "data:image/png;base64," + data;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext("2d")!;
    context.drawImage(image, 0, 0);
    const rgba = context.getImageData(0, 0, image.width, image.height).data;
    let text = "";
    for (let i = 0; i < rgba.length; i += 4) text += String.fromCharCode(rgba[i]!, rgba[i + 1]!, rgba[i + 2]!);
    return btoa(text);
  }, png);
  return { ...panel, pixels: Buffer.from(base64, "base64") };
}
