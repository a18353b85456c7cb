// Real-time text, the keyboard on the screen, who speaks, and the volume: first what both pages reckon with, on a clock
// of its own, and then a call.

import { expect, test, type Page } from "@playwright/test";
import { join } from "node:path";
import type { Line } from "../../common/screen";
import { accepted, Decoder, offered, Sender } from "../../common/t140";
import { readings } from "../../common/t140.golden";
import { edits, typeInto } from "../../common/text";
import { Voices } from "../../desk/voice";
import { writeClip } from "../media";
import { World } from "../rig";
import { accessible, answer, call, expectHome, expectTalk, inCall } from "../steps";

/** Numbers that look random and are the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test("text: blocks say the same at both ends", () => {
  for (const { name, blocks, text } of readings) {
    const decoder = new Decoder();
    expect(blocks.map((b) => decoder.decode(b)).join(""), name).toBe(text);
  }
});

test("text: what is sent of a field that changes makes the same line", () => {
  const next = random(1);
  const letters = ["a", "e\u0301", "é", " ", "👩🏽‍⚕️", "ب", "x"];
  let sent = "";
  let lines: Line[] = [];
  for (let i = 0; i < 500; i++) {
    const parts = sent === "" ? [] : [...new Intl.Segmenter().segment(sent)].map((s) => s.segment);
    const at = Math.floor(next() * (parts.length + 1));
    parts.splice(at, Math.floor(next() * 3), ...Array.from({ length: Math.floor(next() * 3) }, () => letters[Math.floor(next() * letters.length)]!));
    const now = parts.slice(-40).join("");
    lines = typeInto(lines, "adviser", edits(sent, now));
    sent = now;
    expect(lines.map((l) => l.text).join("|")).toBe(sent);
  }
  expect(edits("Bonjour", "Bonsoir")).toBe("\b\b\b\bsoir");
});

test("text: no character waits for 300 ms, and none is sent faster than the other end reads", () => {
  const next = random(2);
  const sender = new Sender();
  sender.cps = 300;
  const typed: number[] = [];
  let sent = 0;
  let longest = 0;
  const take = (now: number) => {
    for (const _ of sender.take(now).replace("\ufeff", "")) longest = Math.max(longest, now - typed[sent++]!);
  };
  let now = 1000;
  for (let i = 0; i < 1000; i++) {
    const then = now + Math.floor(next() * 150);
    for (let due = sender.next(now); due !== undefined && due <= then; due = sender.next(now)) take((now = Math.max(now, due)));
    typed.push((now = then));
    sender.type("x");
    take(now);
  }
  const due = sender.next(now);
  if (due !== undefined) take(due);
  expect(sent).toBe(1000);
  expect(longest).toBeLessThan(300);

  const slow = new Sender();
  slow.cps = 5;
  slow.type("x".repeat(120));
  expect(slow.take(0)).toHaveLength(1 + 50);
  expect(slow.next(0)).toBe(10_000);
  expect(slow.take(10_000)).toHaveLength(50);
});

test("text: the channel is in the offer and in the answer", () => {
  const section = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n";
  const offer = `v=0\r\n${section}a=dcmap:140 label="t140";subprotocol="t140"\r\na=dcsa:140 fmtp:t140 cps=300\r\n`;
  expect(offered(offer)).toEqual({ id: 140, cps: 300 });
  expect(offered(`v=0\r\n${section}`)).toBeUndefined();
  expect(offered(`v=0\r\n${section}a=dcmap:2 subprotocol="t140";max-retr=3\r\n`)).toBeUndefined();
  expect(offered(`v=0\r\n${section}a=dcmap:2 subprotocol="t140"\r\n`)).toEqual({ id: 2, cps: 30 });
  const lines = `a=dcmap:140 label="t140";subprotocol="t140"\r\na=dcsa:140 fmtp:t140 cps=300\r\n`;
  expect(accepted(`v=0\r\n${section}`, 140)).toBe(`v=0\r\n${section}${lines}`);
  expect(accepted(`v=0\r\n${section}m=audio 9\r\n`, 140)).toBe(`v=0\r\n${section}${lines}m=audio 9\r\n`);
});

test("text: the sign of who speaks does not flash", () => {
  const next = random(3);
  const voices = new Voices();
  const changes: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const aloud = i % 40 < 20;
    if (voices.tick(aloud ? -10 : -100 * next(), aloud ? -127 : -100 * next())) changes.push(i);
  }
  expect(changes.length).toBeGreaterThan(100);
  for (let i = 3; i < changes.length; i++) expect(changes[i]! - changes[i - 3]!).toBeGreaterThanOrEqual(10);
  const quiet = new Voices();
  for (let i = 0; i < 50; i++) quiet.tick(-60, -127);
  expect([quiet.citizen, quiet.adviser]).toEqual([false, false]);
  for (let i = 0; i < 5; i++) quiet.tick(-25, -127);
  expect([quiet.citizen, quiet.adviser]).toEqual([true, false]);
});

async function expectAccessible(page: Page): Promise<void> {
  await accessible(page, inCall);
}

test("text: each reads what the other types, letter by letter; who speaks is seen; and nothing is left", async () => {
  test.setTimeout(240_000); // two calls and two pages that are loaded anew, on a machine that may be busy
  const world = new World();
  try {
    const clip = join(world.directory, "clip.y4m");
    writeClip(clip);
    const site = world.site("gien");
    await world.startHub();
    const booth = await world.startBooth(site);
    const touchscreen = await world.touchscreen(booth.url);
    const desk = await world.desk("caf", { clip });
    await call(touchscreen, "CAF");
    await answer(desk);
    await expectTalk(touchscreen, desk);
    const read = touchscreen.getByRole("log", { name: "Messages écrits" });
    const theirs = desk.getByRole("log", { name: "Messages" });

    // Both ends see who speaks: the booth's simulated citizen, and the beeps of the desk's simulated microphone.
    await expect(desk.getByText("L’usager parle")).toBeVisible();
    await expect(desk.getByText("Vous parlez")).toBeVisible();
    await expect(touchscreen.getByText("Le conseiller parle")).toBeVisible();
    await expect(touchscreen.getByText("Vous parlez")).toBeVisible();

    // The adviser types, and the citizen reads before the line is finished; what is corrected is corrected there, too.
    await desk.getByRole("button", { name: "Écrire" }).click();
    const field = desk.getByLabel("Message à l’usager");
    await field.pressSequentially("Votre numéro : 76x");
    await expect(read).toContainText("Conseiller : Votre numéro : 76x");
    await field.press("Backspace");
    await field.pressSequentially("54321");
    await expect(read).toContainText("Conseiller : Votre numéro : 7654321");
    await expect(field).toHaveValue("Votre numéro : 7654321");
    await expect(theirs).not.toContainText("7654321");
    await field.press("Enter");
    await expect(theirs).toContainText("Vous Votre numéro : 7654321");
    await expect(touchscreen.getByRole("status").filter({ hasText: "7654321" })).toHaveCount(1);

    // The citizen types with the keyboard on the screen; the picture stays.
    await touchscreen.getByRole("button", { name: "Écrire" }).tap();
    const keyboard = touchscreen.getByRole("group", { name: "Clavier" });
    const key = (name: string) => keyboard.getByRole("button", { name, exact: true });
    await expect(touchscreen.locator("#adviser")).toBeVisible();
    await expectAccessible(touchscreen);
    await key("Majuscule").tap();
    await key("J").tap();
    await expect(theirs).toContainText("Usager J");
    await key("é à ç").tap();
    await key("é").tap();
    await key("a").tap();
    await key("b").tap();
    await key("Effacer").tap();
    await key("n").tap();
    await expect(theirs).toContainText("Usager Jéan");
    // A hand that trembles types one letter.
    await key("u").evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
    await key("1 2 ?").tap();
    await key("2").tap();
    await expect(theirs).toContainText("Usager Jéanu2");
    await expect(read).toContainText("Vous : Jéanu2");
    await touchscreen.keyboard.press("Backspace"); // a real keyboard, where there is one
    await touchscreen.keyboard.type("!");
    await expect(theirs).toContainText("Usager Jéanu!");
    await expectAccessible(desk);

    // Both pages may be loaded anew: what was written is there, and goes on.
    await touchscreen.reload();
    await expect(read).toContainText("Vous : Jéanu!");
    await desk.reload();
    await expect(theirs).toContainText("Usager Jéanu!", { timeout: 30_000 });
    await expect(theirs).toContainText("Vous Votre numéro : 7654321");
    await expect(touchscreen.getByText("La ligne est coupée")).toHaveCount(0, { timeout: 30_000 });
    await key("À la ligne").tap();
    await key("o").tap();
    await expect(theirs).toContainText("Usager o");
    await field.pressSequentially("Merci");
    await expect(read).toContainText("Conseiller : Merci");

    // What is further up is a touch away.
    await touchscreen.getByRole("button", { name: "Relire plus haut" }).tap();
    await expect(read).not.toContainText("Merci");
    await touchscreen.getByRole("button", { name: "Relire plus bas" }).tap();
    await expect(read).toContainText("Merci");
    await key("Fermer").tap();

    // The volume is the citizen's, and goes with the citizen.
    await expect(touchscreen.getByText("Son : fort, 8/10")).toBeVisible();
    await touchscreen.getByRole("button", { name: "Plus fort" }).tap();
    await expect(touchscreen.getByText("Son : très fort, 9/10")).toBeVisible();
    await touchscreen.getByRole("button", { name: "Raccrocher" }).tap();
    await expect(touchscreen.getByText("7654321")).toHaveCount(0);
    await expect(desk.getByText("7654321")).toHaveCount(0);
    await expectHome(touchscreen);
    await call(touchscreen, "CAF");
    await answer(desk);
    await expect(touchscreen.getByText("Son : fort, 8/10")).toBeVisible();
    await expect(touchscreen.getByRole("button", { name: "Écrire" })).toBeVisible();
    await expect(read).toHaveCount(0);
    expect(booth.output + world.hub!.output).not.toMatch(/7654321|Jéan/);
  } finally {
    await world.close();
  }
});
