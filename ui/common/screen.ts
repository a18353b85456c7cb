// What the booth's service pushes to the touchscreen, and what the touchscreen
// sends back. Twin of kiosk/booth/screen.go and kiosk/page: a golden test
// writes every screen to screens.golden.ts, where tsc compares the two.

export type Device = "camera" | "microphone" | "speaker";
export type Status = "open" | "no_adviser" | "closed" | "unknown";
export type Side = "citizen" | "adviser";
export type Reason =
  | "partner_closed"
  | "hub_unreachable"
  | "refused"
  | "no_answer"
  | "media"
  | "device"
  | "call_lost"
  | "adviser_lost"
  | "too_long";

export interface Partner {
  id: string;
  short: string;
  name: string;
  about: string;
  icon: string;
  phone: string;
  status: Status;
  /** When a closed partner opens next (RFC 3339, UTC); null when unknown. */
  opens_at: string | null;
  /** Calls in line. */
  waiting: number;
}

export interface HomeScreen {
  name: "home";
  partners: Partner[];
}
export interface PartnerScreen {
  name: "partner";
  partner: Partner;
}
export interface CallingScreen {
  name: "calling";
  partner: Partner;
  step: "contacting" | "waiting" | "ringing";
  /** 1 is next; 0 while it is not known. */
  place: number;
  nobody_free: boolean;
  /** When the citizen asked for the call (RFC 3339), or was passed on. */
  since: string;
  /** The partner whose adviser has passed the call on; null when none has. */
  passed_by: Partner | null;
  /** It is the one to whom the call was passed on in vain. */
  returned: boolean;
}
/** An adviser calls back after a call that broke. */
export interface CallBackScreen {
  name: "call_back";
  partner: Partner;
  adviser: string;
}
export interface CallScreen {
  name: "call";
  partner: Partner;
  adviser: string;
  state: "connecting" | "connected" | "interrupted";
  microphone: boolean;
  camera: boolean;
  adviser_microphone: boolean;
  adviser_camera: boolean;
  /** 0 to 100. */
  volume_percent: number;
  /** Devices that broke during the call. */
  lost: Device[];
  /** What was written in the call, the newest last. */
  written: { from: Side; text: string; phrase: Phrase | "" }[];
  /** What the citizen can answer. */
  phrases: Phrase[];
  /** The page of a document that the adviser shows, at /paper/ID; null for none. */
  paper: { id: string; page: number; pages: number } | null;
  /** A sharp picture of a paper that the adviser has asked for. */
  photo: "" | "wanted" | "taking";
}
/** Something that a citizen can say by touching it. */
export type Phrase = "yes" | "no" | "repeat" | "slower" | "wait" | "thanks";
export interface ThanksScreen {
  name: "thanks";
  partner: Partner;
  ended_by: Side;
}
export interface FailedScreen {
  name: "failed";
  partner: Partner;
  reason: Reason;
  /** The incident code that a citizen reads to the hotline. */
  code: string;
  retry: boolean;
}
export interface ClosedScreen {
  name: "closed";
  opens_at: string | null;
  partners: Partner[];
}
export interface OutOfServiceScreen {
  name: "out_of_service";
  devices: Device[];
  /** The hotline has taken the booth out of service, with a message that may be "". */
  stopped: boolean;
  message: string;
  phone: string;
  code: string;
  partners: Partner[];
}

export interface RestartingScreen {
  name: "restarting";
}

/** Why a booth was not enrolled; "" while nothing was refused. */
export type Refusal =
  | ""
  | "unknown_code"
  | "used_code"
  | "expired_code"
  | "too_many_attempts"
  | "hub_unreachable"
  | "certificate"
  | "clock"
  | "answer";
export interface EnrolmentScreen {
  name: "enrolment";
  step: "settings" | "code" | "contacting" | "done";
  hub: string;
  /** Those of the settings file, one a line. */
  mistakes: string[];
  /** The code as far as it was typed. */
  typed: string;
  complete: boolean;
  refusal: Refusal;
}

export interface CheckingScreen {
  name: "checking";
}

export interface OccupiedScreen {
  name: "occupied";
}

export type CheckName =
  | "link" | "address" | "gateway" | "dns" | "hub_name" | "clock" | "hub"
  | "turn_udp" | "turn_tcp" | "turn_tls" | "down" | "up";
/** One line of the technician's check of the network; twin of kiosk/netcheck. */
export interface Check {
  name: string;
  state: string;
  value: string;
  code: string;
}
export type Verdict = "" | "go" | "poor" | "nogo" | "enrol";
export interface TechnicianScreen {
  name: "technician";
  step: "pin" | "checks";
  /** How many digits of the PIN were typed. */
  typed: number;
  wrong: boolean;
  locked: boolean;
  version: string;
  running: boolean;
  checks: Check[];
  verdict: Verdict;
}

export type Screen =
  | HomeScreen
  | PartnerScreen
  | CallingScreen
  | CallBackScreen
  | CallScreen
  | ThanksScreen
  | FailedScreen
  | ClosedScreen
  | OutOfServiceScreen
  | RestartingScreen
  | CheckingScreen
  | OccupiedScreen
  | TechnicianScreen
  | EnrolmentScreen;

/** What the page must know of the touchscreen to draw things as large as they must be for people. */
export interface Panel {
  /** What lights up, as citizens see it. */
  width_mm: number;
  height_mm: number;
  /** How high the capitals of essential texts are at least. */
  capital_mm: number;
  /** For so long a second touch at the same place counts as part of the first one. */
  double_touch_ms: number;
  /** Screens and waiting may move. */
  transitions: boolean;
  /** The panel is so high that its controls can be moved into its lower part. */
  lowers: boolean;
  /** They are there. */
  low: boolean;
}

export interface View {
  site: string;
  timezone: string;
  language: string;
  languages: string[];
  online: boolean;
  simulated: (Device | "presence")[];
  /** An update that is announced, while nobody is there. */
  coming: { nature: string; from: string } | null;
  /** The booth's pages are open to the room's network. */
  maintenance: boolean;
  /** The panel is off, or the page is to be black; the first touch only lights it. */
  dark: boolean;
  /** Somebody has come near, and nothing was touched yet. */
  greeting: boolean;
  /** An abandoned session is asked whether somebody is there, until then (RFC 3339); any touch says yes. */
  still_there: { until: string } | null;
  panel: Panel;
  screen: Screen;
}

/** One message of the kiosk's websocket: the whole view, with its place in order. */
export interface Push {
  seq: number;
  /** This connection's id, for /video?page=ID. */
  page: string;
  /** Several pages may watch; only one drives: only its intents are obeyed, only it gets pictures. */
  driving: boolean;
  view: View;
}

/** What the citizen wants, as the page sends it. */
export type Intent =
  | { intent: "alive" } // the page's scripts run; every second
  | { intent: "touch" }
  | { intent: "leave" } // "I have finished", when asked
  | { intent: "language"; language: string }
  | { intent: "low"; on: boolean } // the controls are to be in the panel's lower part
  | { intent: "partner"; partner: string }
  | { intent: "call" } // from the partner's page, and "try again" from a failure
  | { intent: "cancel" } // back, give up waiting, dismiss the farewell or the failure
  | { intent: "refuse" } // what a call's screen asks
  | { intent: "say"; phrase: Phrase }
  | { intent: "accept" } // what the screen asks; "cancel" refuses it
  | { intent: "hang_up" }
  | { intent: "microphone"; on: boolean }
  | { intent: "camera"; on: boolean }
  | { intent: "volume"; percent: number }
  | { intent: "key"; key: string } // of a code's keypad; "erase" takes the last back
  | { intent: "enter" }
  | { intent: "technician" } // the held gesture that opens the technician's page
  | { intent: "check" }; // the technician wants the network checked again

/** Streams of the binary websocket. */
export const streamAdviser = 0;
export const streamOwn = 1;
