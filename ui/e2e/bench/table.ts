// What `make bench` has measured: printed as a table, and kept as JSON under build/.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../rig";

interface Row {
  what: string;
  unit: string;
  value: number;
  baseline?: number;
  ratio?: number;
  aim?: string;
}

export class Table {
  private readonly rows: Row[] = [];

  add(what: string, unit: string, value: number, baseline?: number, aim?: string): void {
    const round = (v: number) => Math.round(v * 100) / 100;
    this.rows.push({
      what, unit, value: round(value),
      ...(baseline === undefined ? {} : { baseline: round(baseline), ratio: round(value / baseline) }),
      ...(aim === undefined ? {} : { aim }),
    });
  }

  print(name: string, circumstances: object): void {
    const cells = this.rows.map((r) => [r.what, String(r.value), r.unit, r.baseline === undefined ? "" : String(r.baseline), r.ratio === undefined ? "" : String(r.ratio), r.aim ?? ""]);
    cells.unshift(["measure", "value", "unit", "baseline", "ratio", "aim"]);
    const widths = cells[0]!.map((_, i) => Math.max(...cells.map((c) => c[i]!.length)));
    console.log("\n" + cells.map((c) => c.map((v, i) => v.padEnd(widths[i]!)).join("  ").trimEnd()).join("\n") + "\n");
    const all = { ...circumstances, rows: this.rows };
    writeFileSync(join(root, "build", `${name}.json`), JSON.stringify(all, null, 2) + "\n");
    console.log(JSON.stringify(all));
  }
}

export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)]!;
}
