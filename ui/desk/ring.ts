// The ring: two soft tones, made here. Browsers let a page sound only after a
// click, which switching "Disponible" on is.

export class Ring {
  private context: AudioContext | undefined;
  private timer = 0;

  /** Call it in a click's handler. */
  allow(): void {
    this.context ??= new AudioContext();
    void this.context.resume();
  }

  start(): void {
    if (this.timer) return;
    this.sound();
    this.timer = window.setInterval(() => this.sound(), 2500);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = 0;
  }

  private sound(): void {
    const context = this.context;
    if (context?.state !== "running") return;
    for (const [start, frequency] of [[0, 660], [0.28, 880], [0.7, 660], [0.98, 880]] as const) {
      const tone = context.createOscillator();
      const level = context.createGain();
      const at = context.currentTime + start;
      tone.frequency.value = frequency;
      level.gain.setValueAtTime(0, at);
      level.gain.linearRampToValueAtTime(0.18, at + 0.03);
      level.gain.exponentialRampToValueAtTime(0.001, at + 0.26);
      tone.connect(level).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.27);
    }
  }
}
