// The adviser's desk: takes what the hub pushes, keeps the one call, does what the adviser wants.

import "./desk.css";
import "./text.css";
import type { Deed, DeskView, Pause, Signal, SignalMessage } from "../common/desk";
import { patch } from "../common/dom";
import { signInAddress, signOut } from "../common/people";
import { Call } from "./call";
import { Devices, type Kind } from "./devices";
import { m } from "./messages";
import { render, type Panel } from "./page";
import { Ring } from "./ring";
import { SelfTest } from "./selftest";

declare global {
  interface Window {
    /** The connection of the present call, for diagnostics. */
    visioborne: { connection: RTCPeerConnection | undefined };
  }
}
window.visioborne = { connection: undefined };

const root = document.getElementById("root")!;
const ring = new Ring();
const devices = new Devices(show);
const retryMilliseconds = { first: 200, most: 3000 };
/** A booth that has not offered for so long after the page came back is asked once more. */
const rejoinMilliseconds = 8000;
/** Where what was switched off in a call outlives a reload of the page. */
const mutedKey = "visioborne.muted";

let socket: WebSocket | undefined;
let retry = retryMilliseconds.first;
let view: DeskView | undefined;
/** When the view came: waiting times count on from there. */
let viewAt = 0;
let offline = false;
let call: Call | undefined;
/** A call that is over here, while the hub's view may still have it. */
let over: string | undefined;
/** When this page, which had no connection of the call that it found, asked for one; 0: it did not. */
let rejoinedAt = 0;
/** The hub was away during the call; until it knows the call again, its view does not end it. */
let detached = false;
/** Signals for the hub that could not be sent yet. */
let unsent: Deed[] = [];
let problem: string | null = null;
let notice: Notification | undefined;
let panel: Panel = "";
/** How much of what was written the adviser has seen. */
let read = 0;
let unsaid = false;
let test: SelfTest | undefined;

function say(deed: Deed): void {
  if (socket?.readyState === WebSocket.OPEN && !offline) socket.send(JSON.stringify(deed));
  else if ("signal" in deed) unsent.push(deed);
}

function connect(): void {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/desk/socket`);
  let greeted = false;
  socket.onmessage = (event: MessageEvent<string>) => {
    const message = JSON.parse(event.data) as DeskView | SignalMessage;
    if ("signal" in message) {
      if (call?.id === message.call) call.take(message.signal);
      return;
    }
    retry = retryMilliseconds.first;
    offline = false;
    view = message;
    viewAt = performance.now();
    if (view.screen === "signed_out") location.assign(signInAddress());
    if (!greeted) {
      greeted = true;
      if (call && view.screen === "ready") say({ do: "resume", call: call.id });
      for (const deed of unsent.splice(0)) say(deed);
    }
    follow();
    show();
  };
  socket.onclose = () => {
    if (view?.screen === "signed_out" || view?.screen === "replaced") return; // until the adviser does something
    offline = true;
    detached = call !== undefined;
    show();
    setTimeout(connect, retry);
    retry = Math.min(2 * retry, retryMilliseconds.most);
  };
}

/** Makes the call match the view. */
function follow(): void {
  const theirs = view?.screen === "ready" ? view.call : null;
  if (theirs?.id !== over) over = undefined;
  if (call && theirs?.id === call.id) {
    detached = false;
    if (theirs.state === "answered") call.answer();
  } else if (call && !detached) {
    end();
  }
  if (!call && theirs && theirs.id !== over) {
    const id = theirs.id;
    closeTest(); // the call needs the devices
    panel = "";
    call = new Call(
      theirs,
      devices,
      (signal: Signal) => say({ signal, call: id }),
      heard,
      () => hangUp(false),
    );
    window.visioborne.connection = call.connection;
    // A page that was loaded anew in mid-call has a new connection, which the booth does not know yet.
    if (theirs.state === "answered") rejoin(call);
  }
  const rings = isRinging();
  if (rings) ring.start();
  else ring.stop();
  notify(rings);
}

function rejoin(c: Call): void {
  if (rejoinedAt === 0) {
    const [id, microphone, camera] = (sessionStorage.getItem(mutedKey) ?? "").split(" ");
    if (id === c.id) {
      c.setMicrophone(microphone === "true");
      c.setCamera(camera === "true");
    }
  }
  sessionStorage.removeItem(mutedKey);
  rejoinedAt = performance.now();
  say({ do: "rejoin", call: c.id });
  c.answer();
}

function isRinging(): boolean {
  return call !== undefined && view?.call?.state === "ringing" && !call.state.answered;
}

/** Tells an adviser who looks at another window. */
function notify(rings: boolean): void {
  // A page that another window only stands in front of is not hidden.
  if (rings && !notice && (document.hidden || !document.hasFocus()) && alerts() === "granted") {
    notice = new Notification(m.ring.title, { body: call!.site, requireInteraction: true });
    notice.onclick = () => window.focus();
  } else if (!rings) {
    notice?.close();
    notice = undefined;
  }
}

/** Whether the adviser lets the page show notices; a page without TLS has none to show. */
function alerts(): NotificationPermission {
  return "Notification" in window ? Notification.permission : "denied";
}

/** Something about the call has changed. What the citizen says is shown at once. */
function heard(): void {
  if (call && call.text.lines.length !== read) {
    read = call.text.lines.length;
    panel = "written";
  }
  show();
  const log = document.querySelector(".lines");
  if (log) log.scrollTop = log.scrollHeight;
}

function write(form: HTMLFormElement): void {
  const field = form.elements.namedItem("text") as HTMLInputElement;
  if (field.value.trim() === "") return;
  unsaid = !call?.write(field.value);
  if (!unsaid) field.value = "";
  show();
}

function end(): void {
  call?.close();
  call = undefined;
  read = 0;
  unsaid = false;
  detached = false;
  rejoinedAt = 0;
  panel = "";
  window.visioborne.connection = undefined;
}

/** Ends the call, by the adviser's wish or because the citizen has hung up. */
function hangUp(tell: boolean): void {
  const ended = call;
  if (!ended) return;
  call = undefined;
  over = ended.id;
  end();
  // The adviser who ends a call that is dead may call back.
  const dead = tell && ended.state.interrupted;
  if (tell) ended.hangUp();
  else ended.close();
  say({ do: dead ? "lose" : "hang_up", call: ended.id });
  follow();
  show();
}

function switchAvailable(on: boolean, pause: Pause = ""): void {
  ring.allow();
  say(on ? { do: "available", on } : { do: "available", on, pause });
}

function openTest(): void {
  ring.allow();
  test ??= new SelfTest(devices, show);
  panel = "devices";
  show();
  void test.open().then(show);
}

function closeTest(): void {
  test?.close();
  test = undefined;
  if (panel === "devices") panel = "";
}

function choose(kind: Kind, id: string): void {
  devices.choose(kind, id);
  if (kind === "speaker") return;
  if (test) void test.open().then(show);
  else void call?.change(kind === "camera" ? "video" : "audio");
}

function openPanel(wanted: Panel): void {
  panel = panel === wanted ? "" : wanted;
  if (panel === "devices") void devices.look();
  show();
}

/** Leads whoever works by the keyboard: to the button of a call that begins to ring, and on when what had the focus has gone. */
function lead(before: Element | null, beside: HTMLElement | null): void {
  const rings = isRinging();
  const began = rings && !rang;
  rang = rings;
  const writes = document.activeElement instanceof HTMLInputElement; // who writes is not interrupted
  if (began && !writes) {
    document.querySelector<HTMLElement>(".ring .good")?.focus();
  } else if (before && before !== document.body && !before.isConnected) {
    // The heading of a call cannot be seen.
    const next = beside?.isConnected ? beside : document.querySelector<HTMLElement>("main .talk, main h1");
    next?.setAttribute("tabindex", "-1");
    next?.focus();
  }
}
let rang = false;

function show(): void {
  const focused = document.activeElement;
  const beside = focused?.closest<HTMLElement>(".panel") ?? null;
  patch(root, render({
    view, call, offline, problem, panel, test, devices, alerts: alerts(), ringing: isRinging(),
    passedSeconds: Math.floor((performance.now() - viewAt) / 1000),
    say, signOut, switchAvailable, openTest, openPanel, choose,
    closeTest: (passed) => {
      closeTest();
      if (passed) devices.passed();
      show();
    },
    allowAlerts: () => void Notification.requestPermission().then(show),
    here: () => location.reload(),
    answer: () => {
      if (!call) return;
      say({ do: "answer", call: call.id });
      call.answer();
      follow();
      show();
    },
    hangUp: () => hangUp(true),
    write, unsaid,
  }));
  lead(focused, beside);
  const citizen = document.querySelector<HTMLVideoElement>("#citizen");
  if (citizen && call) {
    attach(citizen, call.remote);
    devices.direct(citizen);
  }
  attach(document.querySelector("#own"), call?.local);
  attach(document.querySelector("#preview"), test?.picture);
  const rings = isRinging();
  const waiting = view?.screen === "ready" ? view.waiting : 0;
  if (rings) document.title = `${Math.floor(Date.now() / 1000) % 2 ? "● " : ""}${m.ring.title} : ${call!.site}`;
  else document.title = waiting > 0 ? `(${waiting}) ${m.title}` : m.title;
}

function attach(video: HTMLVideoElement | null, stream: MediaStream | undefined): void {
  if (video && video.srcObject !== (stream ?? null)) video.srcObject = stream ?? null;
}

// Waiting times and the call's duration move on with the clock.
setInterval(() => {
  if (view?.screen !== "ready") return;
  if (call && rejoinedAt > 0 && !call.offered && performance.now() - rejoinedAt > rejoinMilliseconds) rejoin(call);
  show();
}, 1000);
addEventListener("pagehide", () => {
  test?.close();
  if (!call) return;
  // The booth hears of the page's end at once, and waits for its return.
  if (call.state.answered) sessionStorage.setItem(mutedKey, `${call.id} ${call.state.microphone} ${call.state.camera}`);
  call.close();
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || panel === "") return;
  // From inside it, back to what opened it.
  if (document.activeElement?.closest(".panel")) document.querySelector<HTMLElement>('.controls [aria-expanded="true"]')?.focus();
  if (test) closeTest();
  panel = "";
  show();
});

show();
void devices.look();
// A video without pictures yet, such as that of a call that is found again, would keep the page from ever being loaded.
if (document.readyState === "complete") connect();
else addEventListener("load", connect, { once: true });
