// What the inspector in a machine tells, asked from the machine's namespace.

import { type World } from "../rig";

/** A process in the machine; see inspector/main.go. */
export interface MachineProcess {
  PID: number;
  Parent: number;
  Program: string;
  Arguments: string[];
  User: number;
  Seccomp: number;
  Capabilities: string;
  Network: string;
  Users: string;
  MemoryKB: number;
}

export const inspectorPort = "9999:9999";

export class Inspector {
  constructor(private readonly world: World) {}

  private ask(method: string, path: string): string {
    const program = `
      fetch("http://127.0.0.1:9999${path}", { method: "${method}", signal: AbortSignal.timeout(240000) })
        .then(async (r) => console.log(JSON.stringify({ ok: r.ok, text: await r.text() })))
        .catch((e) => console.log(JSON.stringify({ ok: false, text: String(e) })));`;
    const answer = JSON.parse(this.world.boothSide.run(process.execPath, "--eval", program)) as { ok: boolean; text: string };
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.text;
  }

  processes(): MachineProcess[] {
    return JSON.parse(this.ask("GET", "/processes")) as MachineProcess[];
  }

  /** The processes of one kind: "service", "stage", "xorg", "browser" (Chromium's first), "renderer". */
  find(kind: "service" | "stage" | "xorg" | "browser" | "renderer"): MachineProcess[] {
    return this.processes().filter((p) => {
      const chromium = p.Program.endsWith("/chromium");
      const type = p.Arguments.find((a) => a.startsWith("--type="));
      switch (kind) {
        case "service": return p.Program === "/user/kiosk" && !p.Arguments.includes("screen-stage");
        case "stage": return p.Arguments.includes("screen-stage");
        case "xorg": return p.Program.endsWith("/Xorg");
        case "browser": return chromium && type === undefined;
        case "renderer": return chromium && type === "--type=renderer";
      }
    });
  }

  signal(pid: number, signal: number): void {
    this.ask("POST", `/signal?pid=${pid}&signal=${signal}`);
  }

  /** What the booth's browser makes of an address, beside the one on the panel: an error, or the page's title. */
  browse(pid: number, url: string): string {
    return this.ask("GET", `/browse?pid=${pid}&debug=1&url=${encodeURIComponent(url)}`);
  }

  /** The same under the policy as it is, which lets nobody tell a page anything. */
  browseUnchanged(pid: number, url: string): string {
    return this.ask("GET", `/browse?pid=${pid}&url=${encodeURIComponent(url)}`);
  }

  /** All memory that is not free for others, in MB. */
  usedMB(): number {
    const memory = JSON.parse(this.ask("GET", "/memory")) as Record<string, string>;
    return (Number(memory["MemTotal"]) - Number(memory["MemAvailable"])) / 1024;
  }
}
