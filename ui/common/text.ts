// What is written in a call: lines of both sides, of which some still grow. Twin of kiosk/booth/text.go.

import type { Line, Side } from "./screen";

export const maxLineCharacters = 1000;
export const maxLines = 200;

/** Adds text to a conversation. Lines that are finished come first; those that grow are the last ones. */
export function typeInto(before: Line[], from: Side, text: string): Line[] {
  const lines = before.map((l) => ({ ...l }));
  const mine = (l: Line) => l.from === from && l.kind === "typed";
  let at = lines.findIndex((l) => mine(l) && l.open);
  const finish = () => {
    const [line] = lines.splice(at, 1);
    const open = lines.findIndex((l) => l.open);
    lines.splice(open < 0 ? lines.length : open, 0, { ...line!, open: false });
    at = -1;
  };
  for (const c of text) {
    if (c === "\n") {
      if (at >= 0) finish();
    } else if (c === "\b" && at < 0) {
      const last = lines.findLastIndex(mine);
      if (last < 0) continue;
      const [line] = lines.splice(last, 1);
      at = lines.push({ ...line!, open: true }) - 1;
    } else if (c === "\b") {
      const line = lines[at]!;
      line.text = eraseLast(line.text);
      if (line.text !== "") continue;
      lines.splice(at, 1);
      at = -1;
    } else {
      if (at < 0) at = lines.push({ from, kind: "typed", text: "", phrase: "", open: true }) - 1;
      const line = lines[at]!;
      line.text += c;
      if ([...line.text].length >= maxLineCharacters) finish();
    }
  }
  return lines.slice(-maxLines);
}

/** Adds a line as a whole, before those that grow. Of each side one may grow, and comes last. */
export function addLine(before: Line[], line: Line): Line[] {
  const grows = line.open && !before.some((l) => l.open && l.from === line.from);
  const open = before.findIndex((l) => l.open);
  const at = grows || open < 0 ? before.length : open;
  return [...before.slice(0, at), { ...line, open: grows }, ...before.slice(at)].slice(-maxLines);
}

const joins = /^[\p{M}\u200d\u{1f3fb}-\u{1f3ff}]$/u;

/** Where each character begins that a person takes for one: a letter with its accents, a picture with what joins it. */
function characters(text: string): string[] {
  const all: string[] = [];
  let joined = false;
  for (const c of text) {
    if (all.length > 0 && (joined || joins.test(c))) all[all.length - 1] += c;
    else all.push(c);
    joined = c === "\u200d";
  }
  return all;
}

export function eraseLast(text: string): string {
  return characters(text).slice(0, -1).join("");
}

/** What is to be sent so that a line that says `before` says `after`. */
export function edits(before: string, after: string): string {
  const old = characters(before);
  const now = characters(after);
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same++;
  return "\b".repeat(old.length - same) + now.slice(same).join("");
}
