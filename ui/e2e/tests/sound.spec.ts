// How sound travels between the booth and a real browser: what the two agree on, and what each then sends.

import { expect, test, type Page } from "@playwright/test";
import { World, type Process } from "../rig";
import { answer, call } from "../steps";

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
  desk = await world.desk("caf");
});
test.afterEach(async () => {
  await world.close();
});

interface Sound {
  /** The codecs of what the desk sends and receives, once packets have come. */
  sent: string;
  received: string;
  /** Packets that have come. */
  packets: number;
}

const sound = (page: Page): Promise<Sound> =>
  page.evaluate(async () => {
    const connection = (window as unknown as { visioborne?: { connection?: RTCPeerConnection } }).visioborne?.connection;
    interface Report {
      type: string;
      kind?: string;
      codecId?: string;
      mimeType?: string;
      packetsReceived?: number;
      packetsSent?: number;
    }
    const all = new Map<string, Report>();
    if (connection) (await connection.getStats()).forEach((report: Report, id: string) => void all.set(id, report));
    const one = (type: string): Report | undefined => [...all.values()].find((r) => r.type === type && r.kind === "audio");
    const codec = (r: Report | undefined): string => all.get(r?.codecId ?? "")?.mimeType ?? "";
    const [sent, received] = [one("outbound-rtp"), one("inbound-rtp")];
    return {
      sent: (sent?.packetsSent ?? 0) > 10 ? codec(sent) : "",
      received: (received?.packetsReceived ?? 0) > 10 ? codec(received) : "",
      packets: received?.packetsReceived ?? 0,
    };
  });

test("booth and browser send sound twice where it gets lost", async () => {
  test.setTimeout(240_000);
  await call(touchscreen, "CAF");
  await answer(desk);
  await expect.poll(() => sound(desk), { timeout: 30_000 }).toMatchObject({ sent: "audio/opus", received: "audio/opus" });
  world.impair({ lossPercent: 8 });
  const before = (await sound(desk)).packets;
  await expect.poll(async () => (await sound(desk)).packets - before, { timeout: 90_000 }).toBeGreaterThan(1200);
  world.impair({});
  // Browsers' statistics name the codec inside redundant packets; the booth knows better.
  // The browser sends all of its sound twice, because the booth offered that first.
  await touchscreen.getByRole("button", { name: "Raccrocher" }).tap();
  await booth.printed(/a call is over.*sound_twice=true received_copies=[1-9]/, 20_000);
});

test("a browser without Opus gets G.711", async () => {
  // The browser does as if the booth had offered nothing else.
  await desk.evaluate(() => {
    const take = RTCPeerConnection.prototype.setRemoteDescription;
    RTCPeerConnection.prototype.setRemoteDescription = function (this: RTCPeerConnection, d: RTCSessionDescriptionInit) {
      const sdp = d.sdp?.replace(/(m=audio \S+ \S+).*/, "$1 8 0").replace(/a=(rtpmap|fmtp|rtcp-fb):(63|111) .*\r\n/g, "");
      return Reflect.apply(take, this, [{ type: d.type, sdp }]) as Promise<void>;
    } as typeof take;
  });
  await call(touchscreen, "CAF");
  await answer(desk);
  await expect.poll(() => sound(desk), { timeout: 30_000 }).toMatchObject({ sent: "audio/PCMA", received: "audio/PCMA" });
});
