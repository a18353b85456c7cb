// One call with a booth: the adviser's end of the peer connection. The booth
// offers while the desk rings; the answer waits for the adviser.

import type { DeskCall, Signal } from "../common/desk";
import type { Line } from "../common/screen";
import { addLine } from "../common/text";
import type { Devices } from "./devices";
import { deviceProblem, m } from "./messages";
import { openPapers, PaperChannel, type Papers } from "./papers";
import { PhotoReceiver, received } from "./received";
import { RealTimeText } from "./text";
import { watchVoices } from "./voice";

/** What of a call the page shows. */
export interface CallState {
  answered: boolean;
  connected: boolean;
  interrupted: boolean;
  microphone: boolean;
  camera: boolean;
  /** What the booth has switched off. */
  citizenMicrophoneOff: boolean;
  citizenCameraOff: boolean;
  /** The booth's sensors see nobody before it. */
  citizenAway: boolean;
  /** The site's agent takes part, beside the citizen. */
  company: boolean;
  citizenSpeaks: boolean;
  adviserSpeaks: boolean;
  /** What went wrong with this desk's own devices. */
  problem: string | null;
  since: number;
}

/** Under which it is kept of which call a photo was asked for. */
const photoKey = "photo";

/** The longest text that the booth takes, in bytes of UTF-8. */
export const maxTextBytes = 1000;

export class Call {
  readonly id: string;
  readonly site: string;
  readonly connection: RTCPeerConnection;
  readonly remote = new MediaStream();
  local: MediaStream | undefined;
  readonly state: CallState = {
    answered: false, connected: false, interrupted: false, microphone: true, camera: true,
    citizenMicrophoneOff: false, citizenCameraOff: false, citizenAway: false, company: false, citizenSpeaks: false, adviserSpeaks: false, problem: null, since: 0,
  };
  /** What is written in this call. */
  readonly text: RealTimeText;
  private endVoices: (() => void) | undefined;
  /** The document that the citizen sees, and its page. */
  papers: Papers | undefined;
  page = 0;
  /** What went wrong with the last one. */
  papersProblem: string | null = null;
  /** A page is being drawn or sent. */
  turning = false;
  /** A photo of a paper: how far it has got, and the picture when it is there. */
  photo: "" | "asked" | "coming" | "refused" | "failed" | "there" = "";
  picture: { url: string; name: string } | undefined;
  /** One for all channels: however many a booth opens, one photo comes. */
  private readonly photos = new PhotoReceiver(() => this.photoAsked);
  private channel: PaperChannel | undefined;
  private control: RTCDataChannel | undefined;
  offered = false;
  private media: Promise<void> | undefined;
  private early: RTCIceCandidateInit[] = [];
  /** Signals are taken one after the other: each may wait for the one before. */
  private queue: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    call: DeskCall,
    private readonly devices: Devices,
    private readonly send: (signal: Signal) => void,
    private readonly changed: () => void,
    private readonly hungUp: () => void,
  ) {
    this.id = call.id;
    this.site = call.site;
    this.text = new RealTimeText(changed);
    this.connection = new RTCPeerConnection({ iceServers: call.ice_servers, bundlePolicy: "max-bundle" });
    this.connection.onicecandidate = ({ candidate }) => {
      if (candidate) {
        this.send({
          kind: "candidate",
          candidate: { candidate: candidate.candidate, sdpMid: candidate.sdpMid, sdpMLineIndex: candidate.sdpMLineIndex },
        });
      }
    };
    this.connection.ontrack = ({ track }) => {
      this.remote.addTrack(track);
      this.changed();
    };
    this.connection.ondatachannel = ({ channel }) => {
      if (channel.label === "photo") {
        this.takePhotos(channel);
        return;
      }
      this.control = channel;
      channel.onopen = () => this.tellMuted();
      channel.onmessage = (event: MessageEvent<unknown>) => this.controlMessage(event.data);
    };
    this.connection.onconnectionstatechange = () => {
      const now = this.connection.connectionState;
      if (now === "connected") {
        if (!this.state.connected) this.state.since = Date.now();
        this.state.connected = true;
        this.endVoices ??= watchVoices(this.connection, (v) => {
          this.state.citizenSpeaks = v.citizen;
          this.state.adviserSpeaks = v.adviser;
          this.changed();
        });
        this.state.interrupted = false;
      } else if (now === "disconnected" || now === "failed") {
        this.state.interrupted = this.state.connected;
      }
      this.changed();
    };
  }

  /** Takes a signal of the booth. */
  take(signal: Signal): void {
    this.queue = this.queue
      .then(() => this.takeNow(signal))
      .catch((error: unknown) => console.error("taking a signal of the booth:", signal.kind, error));
  }

  private async takeNow(signal: Signal): Promise<void> {
    if (this.closed) return;
    switch (signal.kind) {
      case "offer":
        await this.connection.setRemoteDescription({ type: "offer", sdp: signal.sdp ?? "" });
        this.text.offered(this.connection, signal.sdp ?? "");
        this.offered = true;
        for (const c of this.early.splice(0)) await this.connection.addIceCandidate(c);
        if (this.state.answered) await this.answerOffer();
        return;
      case "candidate":
        if (!signal.candidate) return;
        if (this.offered) await this.connection.addIceCandidate(signal.candidate);
        else this.early.push(signal.candidate);
        return;
      case "hung_up":
      case "bye":
        this.hungUp();
        return;
      case "answer":
        return; // booths offer, they do not answer
      default:
        signal.kind satisfies never;
    }
  }

  /** The adviser answers: opens camera and microphone, and tells the booth where to send. */
  answer(): void {
    if (this.state.answered) return;
    this.state.answered = true;
    this.media = this.open();
    this.queue = this.queue
      .then(() => (this.offered ? this.answerOffer() : undefined))
      .catch((error: unknown) => console.error("answering the booth:", error));
  }

  private async open(): Promise<void> {
    const audio = this.devices.audio();
    const video = this.devices.video();
    try {
      this.local = await navigator.mediaDevices.getUserMedia({ audio, video });
    } catch (first) {
      try {
        this.local = await navigator.mediaDevices.getUserMedia({ audio });
        this.state.problem = `${deviceProblem(first)} ${m.devices.without}`;
      } catch (error) {
        this.state.problem = `${deviceProblem(error)} ${m.devices.mute}`;
      }
    }
    if (this.closed) this.stop();
    // What was switched off before the devices were open.
    for (const t of this.local?.getTracks() ?? []) t.enabled = t.kind === "audio" ? this.state.microphone : this.state.camera;
    this.changed();
  }

  /** Goes over to the camera or the microphone that has been chosen, in mid-call. */
  async change(kind: "audio" | "video"): Promise<void> {
    await this.media;
    if (this.closed || !this.state.answered) return;
    let track: MediaStreamTrack | undefined;
    try {
      const constraints = kind === "audio" ? { audio: this.devices.audio() } : { video: this.devices.video() };
      track = (await navigator.mediaDevices.getUserMedia(constraints)).getTracks()[0];
      this.state.problem = null;
    } catch (error) {
      this.state.problem = deviceProblem(error);
    }
    if (track && this.closed) track.stop();
    else if (track) {
      track.enabled = kind === "audio" ? this.state.microphone : this.state.camera;
      const local = new MediaStream([track]);
      for (const t of this.local?.getTracks() ?? []) {
        if (t.kind === kind) t.stop();
        else local.addTrack(t);
      }
      this.local = local;
      for (const { sender, receiver } of this.connection.getTransceivers()) {
        if (receiver.track.kind === kind && sender.track) await sender.replaceTrack(track);
      }
    }
    this.changed();
  }

  private async answerOffer(): Promise<void> {
    await this.media;
    if (this.closed || this.connection.signalingState !== "have-remote-offer") return;
    for (const transceiver of this.connection.getTransceivers()) {
      const track = this.local?.getTracks().find((t) => t.kind === transceiver.receiver.track.kind);
      if (track && transceiver.sender.track !== track) {
        await transceiver.sender.replaceTrack(track);
        transceiver.direction = "sendrecv";
      }
    }
    await this.connection.setLocalDescription();
    this.send({ kind: "answer", sdp: this.text.accepted(this.connection.localDescription?.sdp ?? "") });
  }

  private controlMessage(data: unknown): void {
    const message = received(data);
    switch (message?.kind) {
      case undefined:
        return;
      case "hung_up":
        this.hungUp();
        return;
      case "phrase":
        this.keep({ from: "citizen", kind: "phrase", text: "", phrase: message.phrase, open: false });
        return;
      case "written": // this page was loaded anew: the booth still knows
        for (const line of message.lines) this.keep(line);
        return;
      case "photo_refused":
      case "photo_failed":
        if (!this.photoAsked) return;
        this.endPhoto(message.kind === "photo_refused" ? "refused" : "failed");
        break;
      case "muted":
        this.state.citizenMicrophoneOff = message.microphone;
        this.state.citizenCameraOff = message.camera;
        break;
      case "company":
        this.state.company = message.here;
        break;
      case "presence":
        this.state.citizenAway = message.away;
        break;
      default:
        message satisfies never;
    }
    this.changed();
  }

  /** Writes to the citizen as a whole; false when it cannot be sent now. What was typed is there already, and ends here. */
  write(text: string): boolean {
    if (this.text.open) {
      this.text.type(text.trim());
      this.text.end();
      this.changed();
      return true;
    }
    const fits = text.trim();
    if (fits === "" || new TextEncoder().encode(fits).length > maxTextBytes || !this.tell({ kind: "chat", text: fits })) return false;
    this.keep({ from: "adviser", kind: "typed", text: fits, phrase: "", open: false });
    return true;
  }

  /** Asks the citizen for a photo of a paper. */
  askPhoto(): void {
    this.forgetPhoto();
    if (this.tell({ kind: "photo" })) {
      this.photo = "asked";
      sessionStorage.setItem(photoKey, this.id); // the citizen may agree after this page was loaded anew
    } else {
      this.photo = "failed";
    }
    this.changed();
  }

  private get photoAsked(): boolean {
    return sessionStorage.getItem(photoKey) === this.id;
  }

  private endPhoto(as: "refused" | "failed" | "there"): void {
    this.photo = as;
    sessionStorage.removeItem(photoKey);
  }

  private takePhotos(channel: RTCDataChannel): void {
    channel.binaryType = "arraybuffer";
    channel.onmessage = (event: MessageEvent<unknown>) => {
      const news = this.photos.take(event.data);
      if (news === undefined) return;
      if (news === "coming") {
        this.photo = "coming";
      } else if (news === "failed") {
        this.endPhoto("failed");
      } else {
        this.forgetPhoto();
        const time = new Date().toISOString().slice(0, 19).replace(/[T:]/g, "-");
        this.picture = { url: URL.createObjectURL(news), name: `document-${time}.jpg` };
        this.endPhoto("there");
      }
      this.changed();
    };
  }

  forgetPhoto(): void {
    if (this.picture) URL.revokeObjectURL(this.picture.url);
    this.picture = undefined;
    this.photo = "";
    this.changed();
  }

  /** Shows a file to the citizen. */
  async showFile(file: File): Promise<void> {
    this.papersProblem = null;
    let papers: Papers;
    try {
      papers = await openPapers(file);
    } catch (error) {
      console.error("opening a document:", error);
      this.papersProblem = error instanceof RangeError ? m.papers.large : m.papers.unreadable;
      this.changed();
      return;
    }
    if (this.closed) {
      papers.close();
      return;
    }
    this.papers?.close();
    this.papers = papers;
    await this.turn(1);
  }

  /** Goes to a page. */
  async turn(page: number): Promise<void> {
    const papers = this.papers;
    if (!papers || page < 1 || page > papers.pages) return;
    this.page = page;
    this.turning = true;
    this.papersProblem = null;
    this.changed();
    try {
      const picture = await papers.page(page);
      if (this.papers === papers && this.page === page && !this.closed) {
        this.channel ??= new PaperChannel(this.connection);
        await this.channel.show(page, papers.pages, picture);
      }
    } catch (error) {
      console.error("showing a page:", error);
      if (this.papers === papers) this.papersProblem = m.papers.failed;
    }
    if (this.papers === papers && this.page === page) this.turning = false;
    this.changed();
  }

  hidePapers(): void {
    this.papers?.close();
    this.papers = undefined;
    this.turning = false;
    this.channel?.clear().catch((error: unknown) => console.error("taking a document away:", error));
    this.changed();
  }

  private keep(line: Line): void {
    this.text.lines = addLine(this.text.lines, line);
    this.changed();
  }

  setMicrophone(on: boolean): void {
    this.state.microphone = on;
    for (const t of this.local?.getAudioTracks() ?? []) t.enabled = on;
    this.tellMuted();
    this.changed();
  }

  setCamera(on: boolean): void {
    this.state.camera = on;
    for (const t of this.local?.getVideoTracks() ?? []) t.enabled = on;
    this.tellMuted();
    this.changed();
  }

  private tellMuted(): void {
    this.tell({ kind: "muted", microphone: !this.state.microphone, camera: !this.state.camera });
  }

  private tell(message: object): boolean {
    if (this.control?.readyState !== "open") return false;
    this.control.send(JSON.stringify(message));
    return true;
  }

  /** Tells the booth directly, which works without the hub, and closes once it is said. */
  hangUp(): void {
    this.tell({ kind: "hung_up" });
    this.stop();
    // A channel that closes at once would take the word with it.
    setTimeout(() => this.close(), 200);
  }

  private stop(): void {
    for (const t of this.local?.getTracks() ?? []) t.stop();
  }

  close(): void {
    this.closed = true;
    this.endVoices?.();
    this.text.close();
    this.papers?.close();
    this.papers = undefined;
    if (this.picture) URL.revokeObjectURL(this.picture.url);
    this.picture = undefined;
    this.stop();
    this.connection.close();
  }
}
