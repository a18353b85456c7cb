// What a booth sends to the desk's page: whatever it is, nothing throws, and nothing out of bounds is believed. No browser is needed.

import { expect, test } from "@playwright/test";
import { maxLineCharacters, maxLines } from "../../common/text";
import { maxPhotoBytes, PhotoReceiver, received } from "../../desk/received";

test("messages of a booth are taken, and what is none is not", () => {
  const line = { from: "citizen", kind: "typed", text: "bonjour", phrase: "", open: false };
  const cases: [unknown, unknown][] = [
    ['{"kind":"hung_up","microphone":false,"camera":false}', { kind: "hung_up" }],
    ['{"kind":"photo_refused"}', { kind: "photo_refused" }],
    ['{"kind":"phrase","phrase":"slower"}', { kind: "phrase", phrase: "slower" }],
    ['{"kind":"phrase","phrase":"constructor"}', undefined],
    ['{"kind":"phrase"}', undefined],
    ['{"kind":"muted","microphone":true}', { kind: "muted", microphone: true, camera: false }],
    ['{"kind":"muted","microphone":"yes"}', { kind: "muted", microphone: false, camera: false }],
    ['{"kind":"company","here":true}', { kind: "company", here: true }],
    ['{"kind":"presence","away":true}', { kind: "presence", away: true }],
    ['{"kind":"written","lines":[{"from":"citizen","text":"bonjour"}]}', { kind: "written", lines: [line] }],
    ['{"kind":"written","lines":[null,[],"x",{"from":"hub","text":"x"},{"from":"citizen","text":5},{"phrase":"yes"}]}', { kind: "written", lines: [{ ...line, kind: "phrase", text: "", phrase: "yes" }] }],
    ['{"kind":"written","lines":{"0":{}}}', undefined],
    ['{"kind":"of tomorrow"}', undefined],
    ['{"kind":["hung_up"]}', undefined],
    ["null", undefined], ["[]", undefined], ["5", undefined], ['"hung_up"', undefined], ["", undefined], ["{", undefined],
    [new ArrayBuffer(4), undefined], [undefined, undefined],
  ];
  for (const [data, want] of cases) expect(received(data), String(data)).toEqual(want);
  const long = received(JSON.stringify({ kind: "written", lines: Array.from({ length: 5000 }, () => ({ from: "adviser", text: "é".repeat(3000) })) }));
  if (long?.kind !== "written") throw new Error("a long conversation is none");
  expect(long.lines.length).toBe(maxLines);
  expect(Math.max(...long.lines.map((l) => [...l.text].length))).toBe(maxLineCharacters);
});

test("a photo is taken only when it was asked for, whole, and of a size that a camera makes", async () => {
  let asked = true;
  const receiver = new PhotoReceiver(() => asked);
  const piece = (n: number) => new ArrayBuffer(n);
  expect(receiver.take('{"bytes":5}')).toBe("coming");
  expect(receiver.take(piece(3))).toBeUndefined();
  const photo = receiver.take(piece(2));
  if (!(photo instanceof Blob)) throw new Error("the photo has not come");
  expect(photo.size).toBe(5);
  expect(receiver.take(piece(2))).toBeUndefined(); // of nothing
  for (const head of ['{"bytes":0}', '{"bytes":-1}', '{"bytes":1.5}', '{"bytes":"5"}', "{}", "null", "x", `{"bytes":${maxPhotoBytes + 1}}`, '{"bytes":1e999}']) {
    expect(receiver.take(head), head).toBe("failed");
    expect(receiver.take(piece(5)), head).toBeUndefined();
  }
  expect(receiver.take('{"bytes":5}')).toBe("coming");
  expect(receiver.take(piece(6)), "more than was announced").toBe("failed");
  expect(receiver.take('{"bytes":5}')).toBe("coming");
  expect(receiver.take('{"bytes":4}'), "another one before it was whole").toBe("coming");
  expect(receiver.take(piece(4))).toBeInstanceOf(Blob);
  asked = false;
  expect(receiver.take('{"bytes":5}')).toBeUndefined();
  expect(receiver.take(piece(5))).toBeUndefined();
  expect(receiver.take("x")).toBeUndefined();
});

test("whatever a booth sends, nothing throws and nothing grows", () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  let state = seed;
  const random = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0; // Numerical Recipes' generator
    return Math.floor(((state >>> 0) / 4294967296) * n);
  };
  const seeds = [
    '{"kind":"written","lines":[{"from":"citizen","text":"a\\u0000b","phrase":"","open":true},{"phrase":"yes"}]}', '{"kind":"muted","microphone":true,"camera":false}',
    '{"kind":"phrase","phrase":"thanks"}', '{"bytes":70000}', '{"bytes":3}', '{"kind":"presence","away":true}', "null", "[[]]",
  ];
  const pieces = ["null", "{", "}", "[", "]", '"', "kind", "__proto__", "1e400", "-0", "\\ud800", "true", ",", ":", "lines", "from", "bytes", "\u202e"];
  const receiver = new PhotoReceiver(() => random(2) === 0);
  for (let i = 0; i < 20_000; i++) {
    let text = seeds[random(seeds.length)]!;
    for (let changes = random(5); changes > 0; changes--) {
      const at = random(text.length + 1);
      text = text.slice(0, at) + (random(2) ? pieces[random(pieces.length)]! : "") + text.slice(at + random(6));
    }
    const m = received(text);
    if (m?.kind === "written") {
      expect(m.lines.length).toBeLessThanOrEqual(maxLines);
      for (const l of m.lines) expect(typeof l.text === "string" && l.text.length <= 2 * maxLineCharacters && ["citizen", "adviser"].includes(l.from)).toBe(true);
    }
    const news = receiver.take(random(3) ? text : new ArrayBuffer(random(100)));
    if (news instanceof Blob) expect(news.size).toBeLessThanOrEqual(maxPhotoBytes);
  }
});
