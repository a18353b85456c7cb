// Real-time text as ITU-T T.140 codes it and a T.140 data channel carries it (RFC 8865). Twin of kiosk/call/t140, which
// says more; t140.golden.ts is the table that both are tested with. Plain text has "\n" for a new line, "\b" for a
// character that is taken back, and U+FFFD for text that was lost.

/** The channel's subprotocol. */
export const protocol = "t140";
/** The shortest time between two blocks, and so the longest that a character waits. */
export const intervalMilliseconds = 200;
/** How many characters a second are taken by who says nothing. */
export const defaultCPS = 30;
/** How many this page takes. */
export const ownCPS = 300;
const windowMilliseconds = 10_000;
const maxPending = 4000;
const maxString = 255;
const byteOrderMark = "\ufeff";
const control = /^[\u0000-\u001f\u007f-\u009f]$/;

/** Collects what is typed into blocks. Times are in milliseconds, of any clock that only goes forward. */
export class Sender {
  cps = defaultCPS;
  private begun = false;
  private last = -Infinity;
  private pending: string[] = [];
  private window: { at: number; characters: number }[] = [];

  type(text: string): void {
    for (const c of text) {
      if (this.pending.length === maxPending) return;
      if (c === "\n") this.pending.push("\u2028");
      else if (c === "\b" || (!control.test(c) && c !== byteOrderMark)) this.pending.push(c);
    }
  }

  /** When the next block is due; a time that is past means now, undefined that nothing waits. */
  next(now: number): number | undefined {
    if (this.pending.length === 0) return undefined;
    const due = this.last + intervalMilliseconds;
    return this.room(now) > 0 ? due : Math.max(due, this.window[0]!.at + windowMilliseconds);
  }

  /** The block to send now; "" if none is due. */
  take(now: number): string {
    const due = this.next(now);
    if (due === undefined || due > now) return "";
    const block = this.pending.splice(0, this.room(now));
    this.window.push({ at: now, characters: block.length });
    this.last = now;
    const text = (this.begun ? "" : byteOrderMark) + block.join("");
    this.begun = true;
    return text;
  }

  private room(now: number): number {
    while (this.window[0] && this.window[0].at + windowMilliseconds <= now) this.window.shift();
    return this.window.reduce((room, b) => room - b.characters, (this.cps * windowMilliseconds) / 1000);
  }
}

/** Reads the blocks of one direction. */
export class Decoder {
  private in: "text" | "escape" | "control" | "string" | "string_escape" = "text";
  private skipped = 0;
  private cr = false;

  decode(block: string): string {
    let text = "";
    for (const c of block) {
      if (this.swallow(c)) continue;
      const cr = this.cr;
      this.cr = c === "\r";
      if (c === "\n" && cr) continue; // its carriage return was the new line
      if (c === "\n" || c === "\r" || c === "\u2028" || c === "\u2029") text += "\n";
      else if (c === "\t") text += " ";
      else if (c === "\b" || (!control.test(c) && c !== byteOrderMark)) text += c;
    }
    return text;
  }

  /** Takes what belongs to a sequence that this end does not know, and begins one. */
  private swallow(c: string): boolean {
    switch (this.in) {
      case "text":
        break;
      case "escape":
        this.in = "text";
        if (c === "[") this.begin("control");
        else if ("XP]^_".includes(c)) this.begin("string");
        else if (c === "\u001b") this.in = "escape";
        return true;
      case "control":
        this.skipped++;
        if (c >= "\u0020" && c < "\u0040" && this.skipped <= maxString) return true;
        this.in = "text";
        if (c >= "\u0040" && c < "\u007f" && this.skipped <= maxString) return true;
        return this.swallow(c);
      case "string":
      case "string_escape":
        this.skipped++;
        if (c === "\u009c" || (this.in === "string_escape" && c === "\\") || this.skipped > maxString) this.in = "text";
        else this.in = c === "\u001b" ? "string_escape" : "string";
        return true;
      default:
        this.in satisfies never;
    }
    if (c === "\u001b") this.in = "escape";
    else if (c === "\u009b") this.begin("control");
    else if ("\u0098\u0090\u009d\u009e\u009f".includes(c)) this.begin("string");
    else return false;
    return true;
  }

  private begin(what: "control" | "string"): void {
    this.in = what;
    this.skipped = 0;
  }
}

/** The T.140 channel that an offer names (RFC 8864), and how much the other end takes; undefined for none. */
export function offered(sdp: string): { id: number; cps: number } | undefined {
  const map = sdp.match(/^a=dcmap:(\d+) [^\r\n]*subprotocol="t140"[^\r\n]*/m);
  if (!map || /max-retr=|max-time=|ordered=false/.test(map[0])) return undefined;
  const cps = Number(sdp.match(new RegExp(`^a=dcsa:${map[1]} fmtp:t140 cps=(\\d+)`, "m"))?.[1] ?? defaultCPS);
  return { id: Number(map[1]), cps: cps > 0 ? cps : defaultCPS };
}

/** An answer that takes the channel: browsers know nothing of it. */
export function accepted(sdp: string, id: number): string {
  return sdp.replace(/^(m=application [^]*?)(?=^m=|$(?![^]))/m, `$1a=dcmap:${id} label="${protocol}";subprotocol="${protocol}"\r\na=dcsa:${id} fmtp:${protocol} cps=${ownCPS}\r\n`);
}
