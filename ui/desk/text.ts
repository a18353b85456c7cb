// Real-time text with the citizen: what each types is read by the other letter by letter (RFC 8865).

import type { Line } from "../common/screen";
import { accepted, Decoder, offered, ownCPS, protocol, Sender } from "../common/t140";
import { edits, typeInto } from "../common/text";

/** The longest block that is read: longer than any of a booth that keeps to what this page takes. */
const maxBlock = 40 * ownCPS;

export class RealTimeText {
  /** What was written in the call. It is nowhere else, and goes with the call. */
  lines: Line[] = [];
  /** What stands in the adviser's field: it has been sent, or is about to be. */
  draft = "";
  private channel: RTCDataChannel | undefined;
  private readonly sender = new Sender();
  private readonly decoder = new Decoder();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly changed: () => void) {}

  /** Makes the channel that the booth's offer names. Browsers do not: for them it is negotiated elsewhere. */
  offered(connection: RTCPeerConnection, sdp: string): void {
    const offer = offered(sdp);
    if (!offer || this.channel) return;
    this.sender.cps = offer.cps;
    const channel = connection.createDataChannel(protocol, { negotiated: true, id: offer.id, protocol });
    this.channel = channel;
    channel.onopen = () => {
      this.flush();
      this.changed();
    };
    channel.onclose = () => {
      // What the citizen was typing may have lost its end (T.140, section 8.7).
      if (this.lines.some((l) => l.from === "citizen" && l.open)) this.lines = typeInto(this.lines, "citizen", "\ufffd\n");
      this.changed();
    };
    channel.onmessage = (event: MessageEvent<string>) => {
      if (typeof event.data !== "string") return;
      this.lines = typeInto(this.lines, "citizen", this.decoder.decode(event.data.slice(0, maxBlock)));
      this.changed();
    };
  }

  /** The answer, with the channel in it. */
  accepted(sdp: string): string {
    return this.channel?.id === null || this.channel?.id === undefined ? sdp : accepted(sdp, this.channel.id);
  }

  get open(): boolean {
    return this.channel?.readyState === "open";
  }

  /** The adviser's field says this now. */
  type(text: string): void {
    if (!this.open) return;
    this.sender.type(edits(this.draft, text));
    this.draft = text;
    this.flush();
  }

  /** The adviser's line is finished. */
  end(): void {
    if (this.draft === "") return;
    this.sender.type("\n");
    this.lines = typeInto(this.lines, "adviser", `${this.draft}\n`);
    this.draft = "";
    this.flush();
  }

  private flush(): void {
    clearTimeout(this.timer);
    if (!this.open) return;
    const now = performance.now();
    const block = this.sender.take(now);
    if (block !== "") this.channel!.send(block);
    const due = this.sender.next(now);
    if (due !== undefined) this.timer = setTimeout(() => this.flush(), Math.max(0, due - now));
  }

  close(): void {
    clearTimeout(this.timer);
    this.lines = [];
    this.draft = "";
  }
}
