// What the hub pushes to an adviser's page, and what the page sends back. Twin
// of hub/desk/view.go and hub/wire/signal.go.

export interface ICEServer {
  urls: string[];
  username?: string;
  credential?: string;
}

export interface DeskCall {
  id: string;
  site: string;
  /** "recalling": the desk calls a booth back, and the citizen is asked. */
  state: "waiting" | "ringing" | "answered" | "dropped" | "recalling";
  waited_seconds: number;
  ice_servers: ICEServer[];
  /** The short name of the partner that passed the call on, or "". */
  from: string;
  /** Nobody was there to whom it was passed on: from is where it went. */
  returned: boolean;
  /** What the citizen comes for, in words; "" when none was chosen. */
  need: string;
  /** The language that the citizen has chosen (BCP 47). */
  language: string;
  /** To whom it may be passed on. */
  targets: Target[];
}

/** A partner to whom a call may be passed on. */
export interface Target {
  id: string;
  short: string;
  name: string;
  phone: string;
  open: boolean;
  online: number;
  free: number;
  waiting: number;
}

/** Why an adviser takes no calls; "" for no reason. */
export type Pause = "" | "break" | "meeting" | "lunch" | "other";

export interface DeskView {
  seq: number;
  screen: "signed_out" | "replaced" | "ready";
  adviser: { name: string; partner: { id: string; short: string; name: string } } | null;
  available: boolean;
  /** The desk was set away because it rang and nobody answered. */
  absent: boolean;
  pause: Pause;
  /** The first of those who wait. */
  line: { call: string; site: string; since_seconds: number; from: string; returned: boolean; need: string; language: string }[];
  /** How many wait in all. */
  waiting: number;
  call: DeskCall | null;
  /** Calls that broke and may be called back, the newest first. */
  dropped: { call: string; site: string; since_seconds: number }[];
}

export interface Signal {
  kind: "offer" | "answer" | "candidate" | "hung_up" | "bye";
  sdp?: string;
  candidate?: { candidate: string; sdpMid?: string | null; sdpMLineIndex?: number | null };
}

/** Pushed beside views. */
export interface SignalMessage {
  call: string;
  signal: Signal;
}

export type Deed =
  | { do: "available"; on: boolean; pause?: Pause }
  | { do: "answer" | "decline" | "hang_up" | "resume"; call: string }
  | { do: "rejoin"; call: string } // the page has lost its connection, as by being loaded anew
  | { do: "transfer"; call: string; partner: string }
  | { do: "lose" | "call_back" | "give_up"; call: string } // the line is dead; call back; no longer
  | { signal: Signal; call: string };
