// What a booth sends on its data channels. It is a machine that stands alone in a room: nothing of it is believed before it has
// been looked at, and nothing it sends may fill the adviser's page.

import type { Line, Phrase } from "../common/screen";
import { maxLineCharacters, maxLines } from "../common/text";

export type Received =
  | { kind: "hung_up" | "photo_refused" | "photo_failed" }
  | { kind: "phrase"; phrase: Phrase }
  /** What was written before this page's connection. */
  | { kind: "written"; lines: Line[] }
  | { kind: "muted"; microphone: boolean; camera: boolean }
  | { kind: "company"; here: boolean }
  | { kind: "presence"; away: boolean };

const phrases: readonly string[] = ["yes", "no", "repeat", "slower", "wait", "thanks"] satisfies Phrase[];

function isPhrase(value: unknown): value is Phrase {
  return typeof value === "string" && phrases.includes(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A message of the control channel; undefined for what is none. Kinds that are new to this page are none. */
export function received(data: unknown): Received | undefined {
  const m = parse(data);
  if (!m) return undefined;
  switch (m["kind"]) {
    case "hung_up":
    case "photo_refused":
    case "photo_failed":
      return { kind: m["kind"] };
    case "phrase":
      return isPhrase(m["phrase"]) ? { kind: "phrase", phrase: m["phrase"] } : undefined;
    case "written":
      return Array.isArray(m["lines"]) ? { kind: "written", lines: m["lines"].slice(-maxLines).flatMap(line) } : undefined;
    case "muted":
      return { kind: "muted", microphone: m["microphone"] === true, camera: m["camera"] === true };
    case "company":
      return { kind: "company", here: m["here"] === true };
    case "presence":
      return { kind: "presence", away: m["away"] === true };
  }
  return undefined;
}

function parse(data: unknown): Record<string, unknown> | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function line(value: unknown): Line[] {
  if (!isObject(value)) return [];
  const { from = "citizen", text = "", phrase = "", open } = value;
  if ((from !== "citizen" && from !== "adviser") || typeof text !== "string") return [];
  if (phrase !== "" && !isPhrase(phrase)) return [];
  return [{ from, kind: phrase === "" ? "typed" : "phrase", text: [...text].slice(0, maxLineCharacters).join(""), phrase, open: open === true }];
}

/** The largest photo that is taken: several times what a camera with 8 megapixels makes. */
export const maxPhotoBytes = 20_000_000;

/** Puts photos together, which come as a text with their size, and pieces. */
export class PhotoReceiver {
  /** The place of the photo that comes, and how much of it has come. It is made at once: pieces without end cost nothing. */
  private photo: Uint8Array<ArrayBuffer> | undefined;
  private come = 0;

  /** asked tells whether one is wanted now. */
  constructor(private readonly asked: () => boolean) {}

  /** Takes a message: a photo has begun, is whole, is not to be had, or there is nothing to tell. */
  take(data: unknown): "coming" | "failed" | Blob | undefined {
    if (data instanceof ArrayBuffer) {
      const photo = this.photo;
      if (!photo) return undefined; // of one that was not taken
      if (this.come + data.byteLength > photo.length) {
        this.photo = undefined;
        return "failed";
      }
      photo.set(new Uint8Array(data), this.come);
      this.come += data.byteLength;
      if (this.come < photo.length) return undefined;
      this.photo = undefined;
      return new Blob([photo], { type: "image/jpeg" });
    }
    const unfinished = this.photo !== undefined;
    this.photo = undefined;
    const bytes = parse(data)?.["bytes"];
    if (this.asked() && typeof bytes === "number" && Number.isInteger(bytes) && bytes > 0 && bytes <= maxPhotoBytes) {
      this.photo = new Uint8Array(bytes);
      this.come = 0;
      return "coming";
    }
    return unfinished || this.asked() ? "failed" : undefined;
  }
}
