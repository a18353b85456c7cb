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
  state: "waiting" | "ringing" | "answered";
  waited_seconds: number;
  ice_servers: ICEServer[];
}

export interface DeskView {
  seq: number;
  screen: "signed_out" | "replaced" | "ready";
  adviser: { name: string; partner: { id: string; short: string; name: string } } | null;
  available: boolean;
  /** The desk was set away because it rang and nobody answered. */
  absent: boolean;
  line: { call: string; site: string; since_seconds: number }[];
  call: DeskCall | null;
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
  | { do: "available"; on: boolean }
  | { do: "answer" | "decline" | "hang_up" | "resume"; call: string }
  | { signal: Signal; call: string };
