// The rig builds a small world for each test: a network namespace for the hub
// and the advisers, another for the booths, a cable between them that can be
// cut or choked, and the real binaries and browsers in both.
//
//   [ hub, desks' Chromium ]--veth--[ kiosk, touchscreen's Chromium ]
//
// Nothing in it can reach any other network. It needs root (or a user
// namespace) for `ip netns`, and /usr/bin/chromium.

import { chromium, type Browser, type Page } from "@playwright/test";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const root = resolve(__dirname, "../..");
const binary = (name: string) => join(root, "build", name);

export const hubAddress = "10.77.0.1";
export const boothAddress = "10.77.0.2";
const hubPort = 8090;

/** Chromium's flags that keep it from calling home and let it run as root. */
const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-default-apps",
  "--autoplay-policy=no-user-gesture-required",
];

function sh(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function attempt(command: string, ...args: string[]): boolean {
  try {
    sh(command, ...args);
    return true;
  } catch {
    return false;
  }
}

/** A network namespace with a loopback of its own. */
export class Namespace {
  constructor(readonly name: string) {
    sh("ip", "netns", "add", name);
    sh("ip", "-n", name, "link", "set", "lo", "up");
  }

  run(...args: string[]): string {
    return sh("ip", "netns", "exec", this.name, ...args);
  }

  try(...args: string[]): boolean {
    return attempt("ip", "netns", "exec", this.name, ...args);
  }

  delete(): void {
    attempt("ip", "netns", "del", this.name);
  }
}

/** What a shaped direction of the cable does. */
export interface Impairment {
  /** Token-bucket rate with a queue of 200 ms. */
  kbitPerSecond?: number;
  /** Packets lost at random, in percent. */
  lossPercent?: number;
}

/** A process of ours, with what it has printed. */
export class Process {
  readonly child: ChildProcess;
  output = "";
  exit: Promise<number | null>;

  constructor(readonly what: string, command: string, args: string[], env: Record<string, string> = {}) {
    this.child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk: Buffer) => {
      this.output += chunk.toString();
      if (process.env["E2E_LOG"]) process.stderr.write(`[${what}] ${chunk.toString()}`);
    };
    this.child.stdout?.on("data", keep);
    this.child.stderr?.on("data", keep);
    this.exit = new Promise((done) => {
      this.child.on("exit", (code) => done(code));
      this.child.on("error", (error) => {
        this.output += String(error);
        done(-1);
      });
    });
  }

  /** Waits until the process has printed a line that matches. */
  async printed(pattern: RegExp, milliseconds = 30_000): Promise<RegExpMatchArray> {
    const end = Date.now() + milliseconds;
    for (;;) {
      const match = this.output.match(pattern);
      if (match) return match;
      if (this.child.exitCode !== null || Date.now() > end) {
        throw new Error(`${this.what} did not print ${pattern}; it printed:\n${this.output}`);
      }
      await pause(25);
    }
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.child.kill(signal);
    return this.exit;
  }
}

export const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

export interface Account {
  user: string;
  password: string;
}

/** What an adviser's fake camera and microphone play, and what the browser cannot do. */
export interface AdviserMedia {
  clip?: string;
  voice?: string;
  /** A codec that the browser does without, as "video/H264". */
  without?: string;
}

let serial = 0;

export class World {
  readonly directory = mkdtempSync(join(tmpdir(), "visioborne-e2e-"));
  readonly hubSide: Namespace;
  readonly boothSide: Namespace;
  private readonly hubLink: string;
  private readonly boothLink: string;
  private readonly browsers: Browser[] = [];
  private readonly processes: Process[] = [];
  hub?: Process;
  accounts: Record<string, Account> = {};
  private sites: string[] = [];

  /** cable: one that is plugged in later (see lab/cable.ts) takes the place of the good one. */
  constructor(cable: "good" | "none" = "good") {
    const id = `${process.pid}-${++serial}`;
    this.hubSide = new Namespace(`vbh${id}`);
    this.boothSide = new Namespace(`vbb${id}`);
    this.hubLink = `h${id}`.slice(0, 15);
    this.boothLink = `b${id}`.slice(0, 15);
    if (cable === "none") return;
    sh("ip", "link", "add", this.hubLink, "type", "veth", "peer", "name", this.boothLink);
    sh("ip", "link", "set", this.hubLink, "netns", this.hubSide.name);
    sh("ip", "link", "set", this.boothLink, "netns", this.boothSide.name);
    this.hubSide.run("ip", "addr", "add", `${hubAddress}/24`, "dev", this.hubLink);
    this.boothSide.run("ip", "addr", "add", `${boothAddress}/24`, "dev", this.boothLink);
    this.hubSide.run("ip", "link", "set", this.hubLink, "up");
    this.boothSide.run("ip", "link", "set", this.boothLink, "up");
  }

  /** Writes a site's file from the demonstration site, with some of its fields changed. */
  site(id: string, change: (yaml: string) => string = (yaml) => yaml): string {
    const yaml = readFileSync(join(root, "config/loiret/demonstration.yaml"), "utf8")
      .replace(/^# yaml-language-server:.*\n/m, "")
      .replace(/^id: .*$/m, `id: ${id}`)
      .replace(/^hub: .*$/m, `hub: ws://${hubAddress}:${hubPort}`);
    const file = join(this.directory, `${id}.yaml`);
    writeFileSync(file, change(yaml));
    this.sites.push(file);
    return file;
  }

  /** The partner directory, with some of its fields changed. */
  partners(change: (yaml: string) => string = (yaml) => yaml): string {
    const file = join(this.directory, "partners.yaml");
    if (!existsSync(file)) {
      const yaml = readFileSync(join(root, "config/loiret/partners.yaml"), "utf8").replace(/^# yaml-language-server:.*\n/m, "");
      writeFileSync(file, change(yaml));
    }
    return file;
  }

  /** Starts the hub, with more flags if there are; sites must have been written before. */
  async startHub(flags: string[] = []): Promise<void> {
    const hub = new Process("hub", "ip", [
      "netns", "exec", this.hubSide.name, binary("hub"), "serve",
      "-addr", `0.0.0.0:${hubPort}`, "-public-address", hubAddress,
      "-state", join(this.directory, "hub"), "-partners", this.partners(), "-sites", this.sites.join(","),
      "-demonstration", ...flags,
    ]);
    this.processes.push(hub);
    this.hub = hub;
    await hub.printed(/^account: desk cdad .*$/m);
    this.accounts = accountsIn(hub.output);
  }

  /** Starts a booth and returns it with the address of its touchscreen. */
  async startBooth(site: string, options: { port?: number; record?: string; flags?: string[] } = {}): Promise<Process & { url: string }> {
    const port = options.port ?? 8080;
    const id = site.replace(/^.*\//, "").replace(/\.yaml$/, "");
    const credentials = join(this.directory, `${id}.creds`);
    writeFileSync(credentials, sh(binary("hub"), "booth", "credentials", "-state", join(this.directory, "hub"), id), { mode: 0o600 });
    const booth = new Process(`booth ${id}`, "ip", [
      "netns", "exec", this.boothSide.name, binary("kiosk"),
      "-addr", `127.0.0.1:${port}`, "-site", site, "-partners", this.partners(), "-credentials", credentials,
      ...(options.record ? ["-record-speaker", options.record] : []),
      ...(options.flags ?? []),
    ]);
    this.processes.push(booth);
    await booth.printed(/^touchscreen: http/m);
    return Object.assign(booth, { url: `http://127.0.0.1:${port}/` });
  }

  private async browser(namespace: Namespace, flags: string[]): Promise<Browser> {
    const wrapper = join(this.directory, `chromium-${namespace.name}`);
    writeFileSync(wrapper, `#!/bin/sh\nexec ip netns exec ${namespace.name} /usr/bin/chromium "$@"\n`, { mode: 0o755 });
    const browser = await chromium.launch({ executablePath: wrapper, headless: true, args: [...chromiumFlags, ...flags] });
    this.browsers.push(browser);
    return browser;
  }

  /** Opens a touchscreen page in the booths' namespace. */
  async touchscreen(url: string, viewport = { width: 1280, height: 800 }): Promise<Page> {
    const browser = await this.browser(this.boothSide, []);
    const context = await browser.newContext({ viewport, hasTouch: true, locale: "fr-FR" });
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  /** Opens a desk page in the hub's namespace, signs in and switches Disponible on. */
  async desk(partner: string, media: AdviserMedia = {}, account = this.accounts[partner]!): Promise<Page> {
    return openDesk(await this.browser(this.hubSide, deskFlags(media)), `http://127.0.0.1:${hubPort}/desk`, account, media.without);
  }

  /** Opens an empty page on one side, with a fake camera and microphone. */
  async plain(side: "booth" | "hub", media: AdviserMedia): Promise<Page> {
    const browser = await this.browser(side === "booth" ? this.boothSide : this.hubSide, deskFlags(media));
    return (await browser.newContext({ permissions: ["camera", "microphone"] })).newPage();
  }

  /** Opens the hotline's page in the hub's namespace. */
  async hotline(): Promise<Page> {
    const context = await (await this.browser(this.hubSide, [])).newContext({ viewport: { width: 1280, height: 800 }, locale: "fr-FR" });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${hubPort}/hotline`);
    await signIn(page, this.accounts["hotline"]!);
    return page;
  }

  /** Opens the monthly grid in the hub's namespace. */
  async figures(): Promise<Page> {
    const context = await (await this.browser(this.hubSide, [])).newContext({ viewport: { width: 1280, height: 800 }, locale: "fr-FR" });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${hubPort}/figures`);
    await signIn(page, this.accounts["manager"]!);
    return page;
  }

  /** Adds an adviser to a running hub, as the hub's administrator does. */
  async addAdviser(partner: string, user: string): Promise<Account> {
    const password = "un mot de passe assez long";
    this.addAccount(user, ["-partner", partner], password);
    return { user, password };
  }

  /** Adds an account to the hub, with the flags of its role; without a password it signs in by the provider. */
  addAccount(user: string, flags: string[], password = ""): void {
    // Beside the hub, which takes it at once while it runs.
    execFileSync("ip", ["netns", "exec", this.hubSide.name, binary("hub"), "account", "add", "-state", join(this.directory, "hub"), "-user", user, "-name", user, ...flags], { input: password });
  }

  /** Makes the booths' cable worse, in the direction from the booth to the hub and back. */
  impair(how: Impairment): void {
    for (const [namespace, device] of [[this.boothSide, this.boothLink], [this.hubSide, this.hubLink]] as const) {
      namespace.try("tc", "qdisc", "del", "dev", device, "root");
      namespace.try("nft", "delete", "table", "inet", "loss");
      const { kbitPerSecond, lossPercent } = how;
      if (!kbitPerSecond && !lossPercent) continue;
      const netem = ["tc", "qdisc", "add", "dev", device, "root", "netem", "limit", "40"];
      if (kbitPerSecond) netem.push("rate", `${kbitPerSecond}kbit`);
      if (lossPercent) netem.push("loss", `${lossPercent}%`);
      if (namespace.try(...netem)) continue;
      // A kernel without netem: a token bucket and a random drop do the same.
      if (kbitPerSecond) {
        namespace.run("tc", "qdisc", "add", "dev", device, "root", "tbf", "rate", `${kbitPerSecond}kbit`, "burst", "4kb", "latency", "200ms");
      }
      if (lossPercent) {
        // On the way in: a packet dropped on the way out would be an error to its sender.
        namespace.run("nft", `table inet loss { chain in { type filter hook input priority 0; iifname "${device}" meta l4proto udp numgen random mod 1000 < ${Math.round(lossPercent * 10)} drop; }; }`);
      }
    }
  }

  /** Drops all UDP on the cable, as some administrations' firewalls do, or lets it pass again. */
  blockUDP(on: boolean): void {
    for (const [namespace, device] of [[this.boothSide, this.boothLink], [this.hubSide, this.hubLink]] as const) {
      namespace.try("nft", "delete", "table", "inet", "wall");
      if (on) {
        namespace.run("nft", `table inet wall { chain in { type filter hook input priority 0; iifname "${device}" meta l4proto udp drop; }; }`);
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.browsers.map((b) => b.close().catch(() => undefined)));
    await Promise.all(this.processes.map((p) => p.kill()));
    this.hubSide.delete();
    this.boothSide.delete();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The demonstration's accounts, by partner or by role. */
function accountsIn(output: string): Record<string, Account> {
  const all = output.matchAll(/^account: (?:desk )?(.+) user=(\S+) password=(\S+)$/gm);
  return Object.fromEntries([...all].map(([, whose, user, password]) => [whose!, { user: user!, password: password! }]));
}

/** A namespace with nothing but loopback, for the demonstration that `make run` starts. */
export class Alone {
  readonly directory = mkdtempSync(join(tmpdir(), "visioborne-e2e-"));
  readonly namespace = new Namespace(`vba${process.pid}-${++serial}`);
  private readonly browsers: Browser[] = [];
  demo?: Process;
  accounts: Record<string, Account> = {};
  urls: Record<string, string> = {};

  async startDemo(env: Record<string, string> = {}): Promise<void> {
    this.demo = new Process("demo", "ip", ["netns", "exec", this.namespace.name, binary("demo")], {
      STATE_DIR: join(this.directory, "state"), RECORD_SPEAKER: join(this.directory, "speaker.wav"), ...env,
    });
    await this.demo.printed(/^account: desk cdad .*$/m);
    this.accounts = accountsIn(this.demo.output);
    for (const what of ["touchscreen", "desk", "hotline"]) {
      this.urls[what] = (await this.demo.printed(new RegExp(`^${what}: (http\\S+)$`, "m")))[1]!;
    }
  }

  private async browser(flags: string[]): Promise<Browser> {
    const wrapper = join(this.directory, "chromium");
    writeFileSync(wrapper, `#!/bin/sh\nexec ip netns exec ${this.namespace.name} /usr/bin/chromium "$@"\n`, { mode: 0o755 });
    // Chromium leaves loopback out of its candidates; here there is nothing else.
    const browser = await chromium.launch({
      executablePath: wrapper, headless: true, args: [...chromiumFlags, "--allow-loopback-in-peer-connection", ...flags],
    });
    this.browsers.push(browser);
    return browser;
  }

  async touchscreen(viewport = { width: 1280, height: 800 }): Promise<Page> {
    const context = await (await this.browser([])).newContext({ viewport, hasTouch: true, locale: "fr-FR" });
    const page = await context.newPage();
    await page.goto(this.urls["touchscreen"]!);
    return page;
  }

  async desk(partner: string, media: AdviserMedia = {}): Promise<Page> {
    return openDesk(await this.browser(deskFlags(media)), this.urls["desk"]!, this.accounts[partner]!, media.without);
  }

  async open(url: string): Promise<Page> {
    const page = await (await (await this.browser([])).newContext({ viewport: { width: 1280, height: 800 }, locale: "fr-FR" })).newPage();
    await page.goto(url);
    return page;
  }

  async close(): Promise<void> {
    await Promise.all(this.browsers.map((b) => b.close().catch(() => undefined)));
    await this.demo?.kill();
    this.namespace.delete();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function deskFlags(media: AdviserMedia): string[] {
  return [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    ...(media.clip ? [`--use-file-for-fake-video-capture=${media.clip}`] : []),
    ...(media.voice ? [`--use-file-for-fake-audio-capture=${media.voice}`] : []),
  ];
}

async function openDesk(browser: Browser, url: string, account: Account, without?: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 }, locale: "fr-FR", permissions: ["camera", "microphone", "notifications"],
  });
  const page = await context.newPage();
  if (without) await page.addInitScript(doWithout, without);
  await page.goto(url);
  await signIn(page, account);
  await page.getByRole("switch", { name: "Disponible" }).click();
  return page;
}

/**
 * Runs in the page: its connections neither take nor send the codec, as they never
 * hear that the other end knows it. (setCodecPreferences would not do: Chromium goes
 * on sending what it has been offered.)
 */
function doWithout(codec: string): void {
  const name = codec.replace(/^.*\//, "").toLowerCase();
  const strip = (sdp: string): string => {
    const all = [...sdp.matchAll(/^a=rtpmap:(\d+) ([^/\r\n]+)/gm)];
    const gone = new Set(all.filter((m) => m[2]!.toLowerCase() === name).map((m) => m[1]!));
    for (const [, rtx, of] of sdp.matchAll(/^a=fmtp:(\d+) apt=(\d+)/gm)) if (gone.has(of!)) gone.add(rtx!);
    return sdp
      .split("\r\n")
      .filter((line) => !gone.has(line.match(/^a=(?:rtpmap|fmtp|rtcp-fb):(\d+)/)?.[1] ?? ""))
      .map((line) => (line.startsWith("m=video") ? line.split(" ").filter((part, i) => i < 3 || !gone.has(part)).join(" ") : line))
      .join("\r\n");
  };
  // Without the old form with callbacks, which TypeScript knows as well.
  const prototype = RTCPeerConnection.prototype as { setRemoteDescription(d: RTCSessionDescriptionInit): Promise<void> };
  const setRemoteDescription = prototype.setRemoteDescription;
  prototype.setRemoteDescription = function (this: RTCPeerConnection, d: RTCSessionDescriptionInit): Promise<void> {
    return setRemoteDescription.call(this, { ...d, sdp: strip(d.sdp ?? "") });
  };
}

/** Signs in on the page that the browser has been sent to. */
export async function signIn(page: Page, account: Account): Promise<void> {
  await page.getByLabel("Identifiant").fill(account.user);
  await page.getByLabel("Mot de passe").fill(account.password);
  await page.getByRole("button", { name: "Se connecter" }).click();
}
