// Which camera, microphone and loudspeaker this desk uses. The choice stays in this browser: it belongs to the
// computer, not to the adviser.

export type Kind = "camera" | "microphone" | "speaker";

export interface Choice {
  camera: string;
  microphone: string;
  speaker: string;
  /** The adviser has tried them on this computer. */
  tested: boolean;
}

const key = "visioborne.devices";
const kinds: Record<Kind, MediaDeviceKind> = { camera: "videoinput", microphone: "audioinput", speaker: "audiooutput" };

/** Whether the browser can play on another loudspeaker than its own choice. */
export const choosesSpeaker = "setSinkId" in HTMLMediaElement.prototype;

export class Devices {
  readonly choice: Choice = { camera: "", microphone: "", speaker: "", tested: false };
  private all: MediaDeviceInfo[] = [];

  constructor(private readonly changed: () => void) {
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? "{}") as Record<string, unknown>;
      for (const kind of ["camera", "microphone", "speaker"] as const) {
        const id = kept[kind];
        if (typeof id === "string") this.choice[kind] = id;
      }
      this.choice.tested = kept["tested"] === true;
    } catch {
      // What is there is not ours, or the browser keeps nothing: begin without.
    }
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.look());
  }

  /** Looks what there is. Names are empty until the browser has let the page use a device once. */
  async look(): Promise<void> {
    this.all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    this.changed();
  }

  list(kind: Kind): { id: string; label: string }[] {
    return this.all
      .filter((d) => d.kind === kinds[kind] && d.deviceId !== "" && d.deviceId !== "default" && d.deviceId !== "communications")
      .map((d) => ({ id: d.deviceId, label: d.label }));
  }

  choose(kind: Kind, id: string): void {
    this.choice[kind] = id;
    this.keep();
  }

  passed(): void {
    this.choice.tested = true;
    this.keep();
  }

  private keep(): void {
    try {
      localStorage.setItem(key, JSON.stringify(this.choice));
    } catch {
      // The browser keeps nothing: the choice lasts as long as the page.
    }
    this.changed();
  }

  // A device that is not plugged in today is no error: another takes its place.
  audio(): MediaTrackConstraints {
    return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...wanted(this.choice.microphone) };
  }

  video(): MediaTrackConstraints {
    return { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, ...wanted(this.choice.camera) };
  }

  /** Plays an element on the chosen loudspeaker. */
  direct(element: HTMLMediaElement): void {
    const sink = this.list("speaker").some((d) => d.id === this.choice.speaker) ? this.choice.speaker : "";
    if (!choosesSpeaker || element.sinkId === sink) return;
    element.setSinkId(sink).catch((error: unknown) => console.error("choosing the loudspeaker:", error));
  }
}

function wanted(id: string): MediaTrackConstraints {
  return id === "" ? {} : { deviceId: { ideal: id } };
}
