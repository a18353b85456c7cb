// A hub that publishes releases, and releases to publish, for the machine's tests.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, type World } from "../rig";
import { compile, repack } from "./roots";

interface Description {
  version: string;
  root: string;
  sha256: string;
}

const read = (base: string) => JSON.parse(readFileSync(`${base}.release.json`, "utf8")) as Description;

/** A world's hub, as its administrator has it in hand. */
export class Publisher {
  private readonly key: string;
  private readonly state: string;

  constructor(private readonly world: World) {
    this.key = join(world.directory, "release-key");
    this.state = join(world.directory, "hub");
    this.hub("release", "keygen", this.key);
    this.hub("release", "trust", "-state", this.state, `${this.key}.pub`);
  }

  hub(...words: string[]): string {
    return this.world.hubSide.run(join(root, "build/hub"), ...words);
  }

  /** A one-time code for a site's booth. */
  code(site: string): string {
    return this.hub("booth", "add", "-state", this.state, site).split("\n")[0]!;
  }

  /** The release that was built beside the image, in a folder of this world, under its own version or another. */
  good(version?: string): string {
    const folder = join(this.world.directory, version ?? "good");
    mkdirSync(folder);
    const base = join(folder, "next");
    copyFileSync(join(root, "build/vm/next.root.squashfs"), `${base}.root.squashfs`);
    const description = read(join(root, "build/vm/next"));
    writeFileSync(`${base}.release.json`, JSON.stringify({ ...description, version: version ?? description.version, root: "next.root.squashfs" }));
    return base;
  }

  /** A release whose service never gives a sign of life: a good one with another program in its place. */
  hanging(good: string, version: string): string {
    const folder = join(this.world.directory, version);
    mkdirSync(folder);
    const base = join(folder, "hanging");
    const source = join(folder, "hang.go");
    writeFileSync(source, 'package main\n\nimport "time"\n\nfunc main() {\n\tfor {\n\t\ttime.Sleep(time.Hour)\n\t}\n}\n');
    const squashfs = `${base}.root.squashfs`;
    repack(`${good}.root.squashfs`, squashfs, (tree) => compile(source, join(tree, "user/kiosk")));
    const sha256 = execFileSync("sha256sum", [squashfs], { encoding: "utf8" }).split(" ")[0]!;
    writeFileSync(`${base}.release.json`, JSON.stringify({ ...read(good), version, root: "hanging.root.squashfs", sha256 }));
    return base;
  }

  /** Signs and adds a release and gives it to a site's booth, at any time of the day. */
  publish(base: string, nature: string, site: string): string {
    const { version } = read(base);
    this.hub("release", "sign", "-key", this.key, "-nature", nature, `${base}.release.json`);
    this.hub("release", "add", "-state", this.state, `${base}.manifest`);
    this.hub("release", "testers", "-state", this.state, site);
    this.hub("release", "ring", "-state", this.state, "-any-time", version, "test");
    return version;
  }

  withdraw(version: string): void {
    this.hub("release", "withdraw", "-state", this.state, version);
  }
}
