/** Twin of hub/hotline/view.go. */
export interface Booth {
  id: string;
  name: string;
  known: boolean;
  position: { latitude: number; longitude: number } | null;
  state: "up" | "silent" | "never";
  seen_at: string | null;
  troubles: string[];
  ring: string;
  /** Somebody before the booth calls for help, and nobody has seen it yet. */
  help: { since: string } | null;
  out_of_service: { message: string; by: string; since: string } | null;
  version: string;
  phase: string;
  since: string | null;
  encoder: string;
  encoder_reason: string;
  simulated: string[];
  warnings: string[];
  /** The presence sensors that the booth has. */
  sensors: string[];
  health: Health | null;
  clock_offset_s: number | null;
  round_trip_ms: number | null;
  pending: "" | "service" | "machine";
  update: Update | null;
  configuration: Configuration;
  device_check: DeviceCheck | null;
  test_call: TestCall | null;
  sound: Sound | null;
  last_call: LastCall | null;
}
/** Twin of hotline.Configuration. */
export interface Configuration {
  version: number;
  coming: number | null;
  coming_from: string | null;
  booth: { version: number; waiting?: number; refused?: number; reason?: string } | null;
}
/** Twin of wire.Health: what the machine cannot tell is absent. */
export interface Health {
  temperature_c?: number;
  power?: string;
  disk_free_mb?: number;
  disk_mb?: number;
  screen?: string;
}
/** Twin of wire.LastCall. */
export interface LastCall {
  half_day: string;
  failed?: string;
  causes?: string[];
  sound?: Sound;
}
/** Twin of wire.Sound. */
export interface Sound {
  echo?: string;
  echo_reduced_db?: number;
  made_up_per_mille: number;
}
type CheckState = "running" | "done" | "interrupted";
/** Twin of wire.DeviceCheck. */
export interface DeviceCheck {
  state: CheckState;
  at?: string;
  findings?: { device: string; result: string }[];
}
/** Twin of wire.TestCallResult. */
export interface TestCall {
  state: CheckState;
  at?: string;
  verdict?: string;
  steps?: { name: string; state: string; value?: string; code?: string }[];
}
/** Twin of wire.Update. */
export interface Update {
  state: "waiting" | "loading" | "ready" | "trial" | "failed" | "refused";
  version: string;
  percent?: number;
  reason?: string;
}
export interface View {
  seq: number;
  /** booths are only those of the view before that are otherwise now. */
  changes?: boolean;
  booths: Booth[];
}
/** What a page shows after it was told of a view, or of changes. */
export function merge(shown: View | undefined, told: View): View {
  if (!told.changes || !shown) return told;
  const changed = new Map(told.booths.map((b) => [b.id, b]));
  return { seq: told.seq, booths: shown.booths.map((b) => changed.get(b.id) ?? b) };
}
/** Twin of hotline.Entry. */
export interface Entry {
  at: string;
  state: "up" | "silent";
  version: string;
  troubles: string[];
  health: Health | null;
  clock_offset_s: number | null;
  round_trip_ms: number | null;
}
/** Twin of hotline.Collection. */
export interface Collection {
  asked_at: string | null;
  by: string;
  complete: boolean;
  lines: string[];
}
/** Twin of hotline.Action. */
export type Action = "selftest" | "test-call" | "restart" | "reboot" | "out-of-service" | "in-service" | "logs" | "help-seen";
