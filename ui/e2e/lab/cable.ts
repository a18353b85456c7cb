// The laboratory's bad line: the program ui/e2e/cable between a world's two sides.

import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { boothAddress, hubAddress, pause, root, type World } from "../rig";

/** What a line does to the packets of both directions. */
export interface Line {
  kbitPerSecond: number;
  lossPercent: number;
  delayMs: number;
  jitterMs: number;
}

export class Cable {
  private readonly program: ChildProcess;
  private answers = 0;
  private errors = "";

  constructor(world: World) {
    this.program = spawn(join(root, "build/cable"), [`${world.hubSide.name}=${hubAddress}/24`, `${world.boothSide.name}=${boothAddress}/24`]);
    this.program.stdout!.on("data", (chunk: Buffer) => (this.answers += chunk.toString().split("cable: ok").length - 1));
    this.program.stderr!.on("data", (chunk: Buffer) => (this.errors += chunk.toString()));
  }

  private async answered(times: number): Promise<void> {
    for (let n = 0; this.answers < times; n++) {
      if (n > 200 || this.program.exitCode !== null) throw new Error(`the cable does not answer: ${this.errors}`);
      await pause(50);
    }
  }

  async ready(): Promise<void> {
    await this.answered(1);
  }

  async become(line: Partial<Line>): Promise<void> {
    const before = this.answers;
    const words = [
      line.kbitPerSecond ? `rate=${line.kbitPerSecond}` : "", `delay=${line.delayMs ?? 0}ms`,
      `jitter=${line.jitterMs ?? 0}ms`, `loss=${line.lossPercent ?? 0}`,
    ];
    this.program.stdin!.write(words.join(" ") + "\n");
    await this.answered(before + 1);
  }

  async unplug(): Promise<void> {
    const ended = new Promise((done) => this.program.once("exit", done));
    this.program.stdin!.end();
    await ended;
  }
}
