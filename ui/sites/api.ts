// What the hub answers. Twin of hub/sites/page.go and hub/sites/diff.go.

import { signInAddress } from "../common/people";

export interface Listed {
  id: string;
  name: string;
  version: number;
  coming: number | null;
  coming_from: string | null;
}

export interface Summary {
  number: number;
  state: "in_force" | "coming" | "pending" | "failed" | "past";
  author: string;
  reason: string;
  nature: string;
  saved: string;
  urgent: string;
  from: string | null;
  told_at: string | null;
  told: number;
  failure: string;
}

export interface SiteRecord {
  site: string;
  name: string;
  in_force: number;
  coming: number | null;
  latest: number;
  text: string;
  text_of: number;
  managers: string[];
  versions: Summary[];
  notice_days: number;
  can_send: boolean;
  booth: { version: number; waiting?: number; refused?: number; reason?: string } | null;
}

export interface Mistake {
  file: string;
  line: number;
  field: string;
  problem: string;
}

export interface DiffLine {
  op: "same" | "added" | "removed" | "left";
  before: number;
  after: number;
  text: string;
}

export interface Checked {
  mistakes: Mistake[];
  site: DiffLine[];
  partners: DiffLine[];
  against: number;
}

export interface Change {
  base: number;
  site_yaml: string;
  reason: string;
  nature: string;
  from: string;
  urgent: string;
}

export interface Problem {
  error: string;
  detail?: string;
  mistakes?: Mistake[];
}

/** An answer, or why there is none. */
export type Answer<T> = { ok: T } | { problem: Problem };

async function ask<T>(path: string, init?: RequestInit): Promise<Answer<T>> {
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

const of = (site: string): string => `/sites/of/${encodeURIComponent(site)}`;
const send = (body: unknown): RequestInit => ({ method: "POST", body: JSON.stringify(body) });

export const list = () => ask<{ sites: Listed[] }>("/sites/list");
export const record = (site: string) => ask<SiteRecord>(of(site));
export const version = (site: string, number: number) => ask<{ number: number; site_yaml: string; partners_yaml: string }>(`${of(site)}/${number}`);
export const check = (site: string, change: Change) => ask<Checked>(`${of(site)}/check`, send(change));
export const save = (site: string, change: Change) => ask<Summary>(`${of(site)}/save`, send(change));
