// What the hub answers. Twin of hub/figures/grid.go and hub/figures/page/page.go.

import { signInAddress } from "../common/people";

export type View = "site" | "partner" | "department" | "sites";

export interface Choices {
  user: string;
  all: boolean;
  sites: Named[];
  partners: Named[];
  months: string[];
  published: string;
}

export interface Named {
  id: string;
  name: string;
}

export interface Column {
  kind: "site" | "partner" | "all" | "last_year" | "change" | "year";
  id?: string;
}

export interface Value {
  state: "number" | "secret" | "none";
  n: number;
}

export interface Row {
  id: string;
  title: string;
  section: string;
  unit: "count" | "quarters" | "percent";
  values: Value[];
}

export interface Grid {
  month: string;
  view: View;
  of: string;
  threshold: number;
  alone: boolean;
  columns: Column[];
  rows: Row[];
}

export interface Hand {
  revision: number;
  writable: boolean;
  due: string;
  most: number;
  rows: { id: string; title: string; section: string; n: number | null; by: string; at: string }[];
}

export interface Problem {
  error: string;
  due?: string;
}

/** An answer, or why there is none. */
export type Answer<T> = { ok: T } | { problem: Problem };

export async function ask<T>(path: string, init?: RequestInit): Promise<Answer<T>> {
  try {
    const answer = await fetch(path, init);
    if (answer.ok) return { ok: (await answer.json()) as T };
    if (answer.status === 401) location.assign(signInAddress()); // the session is over
    const problem = (await answer.json().catch(() => undefined)) as Problem | undefined;
    return { problem: problem?.error ? problem : { error: "unavailable" } };
  } catch {
    return { problem: { error: "unavailable" } };
  }
}
