// Who speaks, from how loud both ends are, for the eyes (EN 301 549, 6.2.2.4). Twin of kiosk/call/voice.go, which says why
// the numbers are what they are.

const tickMilliseconds = 100;
const silence = -127;
const aboveRoom = 12;
const voiceLeast = -48;
const voiceMargin = 5;
const quietTicks = 7;
const loudTicks = 2;
/** The fewest ticks between two changes of what is shown: nothing flashes more than three times a second. */
const changeTicks = 4;

class Voice {
  speaks = false;
  private room = -60;
  private loud = 0;
  private quiet = 0;

  tick(level: number): boolean {
    this.room = level < this.room ? Math.max(level, -75) : Math.min(this.room + 0.1, -40);
    const upper = Math.max(this.room + aboveRoom, voiceLeast);
    this.loud = level > upper ? this.loud + 1 : 0;
    this.quiet = level < upper - voiceMargin ? this.quiet + 1 : 0;
    if (this.loud >= loudTicks) this.speaks = true;
    else if (this.quiet >= quietTicks) this.speaks = false;
    return this.speaks;
  }
}

/** Levels are in dB below the loudest sound that there can be. */
export class Voices {
  citizen = false;
  adviser = false;
  private readonly voices = { citizen: new Voice(), adviser: new Voice() };
  private since = 0;

  /** Takes the levels of one tick; true if what is shown changes. */
  tick(citizen: number, adviser: number): boolean {
    const now = { citizen: this.voices.citizen.tick(citizen), adviser: this.voices.adviser.tick(adviser) };
    this.since++;
    if ((now.citizen === this.citizen && now.adviser === this.adviser) || this.since < changeTicks) return false;
    Object.assign(this, now);
    this.since = 0;
    return true;
  }
}

/** Looks at a connection's levels until it is told to stop. */
export function watchVoices(connection: RTCPeerConnection, changed: (v: Voices) => void): () => void {
  const voices = new Voices();
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return; // a machine that is busy
    looking = true;
    void connection.getStats().then((stats) => {
      looking = false;
      let citizen = silence;
      let adviser = silence;
      stats.forEach((s: { type: string; kind?: string; audioLevel?: number }) => {
        if (s.kind !== "audio" || s.audioLevel === undefined) return;
        if (s.type === "inbound-rtp") citizen = decibels(s.audioLevel);
        if (s.type === "media-source") adviser = decibels(s.audioLevel);
      });
      if (voices.tick(citizen, adviser)) changed(voices);
    });
  }, tickMilliseconds);
  return () => clearInterval(timer);
}

function decibels(amplitude: number): number {
  return amplitude > 0 ? Math.max(20 * Math.log10(amplitude), silence) : silence;
}
