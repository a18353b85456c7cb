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

/** A group of needs. */
export interface Group {
  id: string;
  name: string;
  icon: string;
}

export interface HomeScreen {
  name: "home";
  /** Empty where the directory has no needs. */
  groups: Group[];
  partners: Partner[];
}
/** The needs of a group; partners are those who see to them. */
export interface NeedsScreen {
  name: "needs";
  group: Group;
  needs: { id: string; text: string; partner: string }[];
  partners: Partner[];
}
export interface PartnerScreen {
  name: "partner";
  partner: Partner;
  /** What has led there, in words; "" for none. */
  need: string;
}
export interface CallingScreen {
  name: "calling";
  partner: Partner;
  need: string;
  step: "contacting" | "waiting" | "ringing";
  /** 1 is next; 0 while it is not known. */
  place: number;
  nobody_free: boolean;
  /** When the citizen asked for the call (RFC 3339), or was passed on. */
  since: string;
  /** The partner whose adviser has passed the call on; null when none has. */
  by_agent: boolean;
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
  written: Line[];
  /** What the citizen can answer. */
  phrases: Phrase[];
  /** What is typed is exchanged letter by letter. */
  text: boolean;
  /** The citizen has opened the keyboard. */
  keyboard: boolean;
  citizen_speaks: boolean;
  adviser_speaks: boolean;
  /** The page of a document that the adviser shows, at /paper/ID; null for none. */
  paper: { id: string; page: number; pages: number } | null;
  /** A sharp picture of a paper that the adviser has asked for. */
  photo: "" | "wanted" | "taking";
  company: "" | "offered" | "there";
}
/** One thing that was written in a call. */
export interface Line {
  from: Side;
  kind: "typed" | "phrase";
  text: string;
  phrase: Phrase | "";
  /** It is being typed. */
  open: boolean;
}
/** Something that a citizen can say by touching it. */
export type Phrase = "yes" | "no" | "repeat" | "slower" | "wait" | "thanks";
export interface ThanksScreen {
  name: "thanks";
  partner: Partner;
  ended_by: Side;
  /** What the citizen is asked of the call, "" for nothing. */
  asks: Question | "";
  /** They have answered it all. */
  answered: boolean;
}
export type Question = "helped" | "quality";
export type Answer = "yes" | "partly" | "no" | "good" | "poor";
export interface FailedScreen {
  name: "failed";
  partner: Partner;
  reason: Reason;
  /** The incident code that a citizen reads to the hotline. */
  code: string;
  retry: boolean;
  /** It is known that the line was poor. */
  poor: boolean;
  need: string;
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
  trains: boolean;
  version: string;
  running: boolean;
  checks: Check[];
  verdict: Verdict;
}

export type Screen =
  | HomeScreen
  | NeedsScreen
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
  /** For so long a second touch at the same place counts as part of the first one; of a letter or one of the four zones for half of it. */
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
  /** The layer in which a language is chosen lies over the screen. */
  asks_language: boolean;
  online: boolean;
  simulated: (Device | "presence")[];
  /** An update that is announced, while nobody is there. */
  coming: { nature: string; from: string } | null;
  /** The booth's pages are open to the room's network. */
  maintenance: boolean;
  training: boolean;
  /** The panel is off, or the page is to be black; the first touch only lights it. */
  dark: boolean;
  /** Somebody has come near, and nothing was touched yet. */
  greeting: boolean;
  /** An abandoned session is asked whether somebody is there, until then (RFC 3339); any touch says yes. */
  still_there: { until: string } | null;
  /** The help button and layer; null on pages that are not a citizen's. */
  help: Help | null;
  /** Another site to go to, where this one cannot help; null otherwise. */
  near: Near | null;
  /** How home looks while nobody is there: the addresses of the site's picture and logo, "" for none; null otherwise. */
  attract: { picture: string; logo: string } | null;
  speech: Speech;
  panel: Panel;
  screen: Screen;
}

export interface Help {
  open: boolean;
  /** The number that helps with the booth. */
  phone: string;
  /** The hotline can be rung from here. */
  can_ask: boolean;
  /** How far a call for help has got. */
  state: "" | "calling" | "rung" | "seen" | "failed";
}

export interface Near {
  name: string;
  /** "" where the name says it. */
  town: string;
  phone: string;
  kilometres: number;
  /** When it opens (RFC 3339); null when it is open. */
  opens_at: string | null;
  /** Its hours on that day, from and to in minutes since midnight. */
  hours: [from: number, to: number][];
}

/** The spoken mode. */
export interface Speech {
  /** The booth has a voice. */
  available: boolean;
  on: boolean;
  /** Only the citizen hears it. */
  private: boolean;
  /** How loud the booth speaks, and an adviser: 0 to 100. */
  volume_percent: number;
}

/** The four keys with which the spoken mode is moved. */
export type FourKey = "previous" | "next" | "repeat" | "choose";

/** The other message: what the page that drives is told once, a key that was pressed or what a simulated speaker says. */
export interface Note {
  key?: FourKey;
  saying?: string;
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
  | { intent: "languages"; on: boolean } // opens or closes the layer in which a language is chosen
  | { intent: "language"; language: string }
  | { intent: "opinion"; answer: Answer } // of the question that the farewell asks
  | { intent: "low"; on: boolean } // the controls are to be in the panel's lower part
  | { intent: "partner"; partner: string }
  | { intent: "group"; group: string }
  | { intent: "need"; need: string }
  | { intent: "help" } // opens the help layer
  | { intent: "help_close" }
  | { intent: "help_ask" } // rings the hotline
  | { intent: "call" } // from the partner's page, and "try again" from a failure
  | { intent: "cancel" } // back, give up waiting, dismiss the farewell or the failure
  | { intent: "refuse" } // what a call's screen asks
  | { intent: "say"; phrase: Phrase }
  | { intent: "keyboard"; on: boolean }
  | { intent: "type"; text: string } // "\b" takes back a character, "\n" ends the line
  | { intent: "accept" } // what the screen asks; "cancel" refuses it
  | { intent: "hang_up" }
  | { intent: "microphone"; on: boolean }
  | { intent: "camera"; on: boolean }
  | { intent: "volume"; percent: number }
  | { intent: "speech"; on: boolean }
  | { intent: "speak"; text: string } // instead of what is being said; "" is silence
  | { intent: "key"; key: string } // of a code's keypad; "erase" takes the last back
  | { intent: "enter" }
  | { intent: "technician" } // the held gesture that opens the technician's page
  | { intent: "training" } // practise with the simulated adviser; behind the technician's PIN
  | { intent: "leave_training" }
  | { intent: "check" }; // the technician wants the network checked again

/** Streams of the binary websocket. */
export const streamAdviser = 0;
export const streamOwn = 1;
