// Root file systems with other programs in them, for the machine's tests.

import { execFileSync } from "node:child_process";
import { closeSync, openSync, readSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../rig";

/** A program for the machine, from Go's sources. */
export function compile(source: string, to: string): void {
  execFileSync("go", ["build", "-o", to, source], { cwd: root, env: { ...process.env, GOARCH: "arm64", CGO_ENABLED: "0" } });
}

/** Makes a root file system from another one, changed in between. */
export function repack(from: string, to: string, change: (tree: string) => void): void {
  const tree = `${to}.tree`;
  execFileSync("unsquashfs", ["-quiet", "-no-progress", "-dest", tree, from]);
  change(tree);
  execFileSync("mksquashfs", [tree, to, "-quiet", "-no-progress", "-noappend", "-comp", "gzip", "-Xcompression-level", "1", "-no-xattrs", "-all-root"]);
  rmSync(tree, { recursive: true });
}

/** Where root A begins in an image: its second partition (UEFI specification 2.10, 5.3). */
function rootOffset(image: string): number {
  const sector = 512;
  const entry = Buffer.alloc(128);
  const file = openSync(image, "r");
  readSync(file, entry, 0, entry.length, 2 * sector + entry.length);
  closeSync(file);
  return Number(entry.readBigUInt64LE(32)) * sector;
}

/** A copy of the booth's image with the inspector in it. */
export function inspectedImage(directory: string): string {
  const image = join(directory, "inspected.img");
  const squashfs = join(directory, "inspected.squashfs");
  repack(join(root, "build/visioborne.root.squashfs"), squashfs, (tree) => {
    renameSync(join(tree, "gokrazy/randomd"), join(tree, "gokrazy/randomd.real"));
    compile("./ui/e2e/vm/inspector", join(tree, "gokrazy/randomd"));
  });
  execFileSync("cp", ["--sparse=always", "--reflink=auto", join(root, "build/visioborne.img"), image]);
  execFileSync("dd", [`if=${squashfs}`, `of=${image}`, "bs=1M", `seek=${rootOffset(image)}`, "oflag=seek_bytes", "conv=notrunc", "status=none"]);
  rmSync(squashfs);
  return image;
}
