// The adviser's desk: shows what the hub pushes, keeps the one call.

import "./desk.css";
import type { Deed, DeskView, Signal, SignalMessage } from "../common/desk";
import { h, icon, patch, type Child, type Node } from "../common/dom";
import { icons } from "../common/icons";
import { signInAddress, signOut, texts } from "../common/people";
import { Call } from "./call";
import { deviceProblem, m } from "./messages";
import { Ring } from "./ring";

declare global {
  interface Window {
    /** The connection of the present call, for diagnostics. */
    visioborne: { connection: RTCPeerConnection | undefined };
  }
}
window.visioborne = { connection: undefined };

const root = document.getElementById("root")!;
const ring = new Ring();
const retryMilliseconds = { first: 200, most: 3000 };

let socket: WebSocket | undefined;
let retry = retryMilliseconds.first;
let view: DeskView | undefined;
/** When the view came: waiting times count on from there. */
let viewAt = 0;
let offline = false;
let call: Call | undefined;
/** The hub was away during the call; until it knows the call again, its view does not end it. */
let detached = false;
/** Signals for the hub that could not be sent yet. */
let unsent: Deed[] = [];
let problem: string | null = null;
let notice: Notification | undefined;

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
  if (call && theirs?.id === call.id) {
    detached = false;
    if (theirs.state === "answered") call.answer();
  } else if (call && !detached) {
    end();
  }
  if (!call && theirs) {
    const id = theirs.id;
    call = new Call(
      theirs,
      (signal: Signal) => say({ signal, call: id }),
      show,
      () => hangUp(false),
    );
    window.visioborne.connection = call.connection;
    // A page that was reloaded in mid-call has a new connection, which the booth does not know: the call is over.
    if (theirs.state === "answered") {
      say({ do: "hang_up", call: id });
      end();
    }
  }
  const rings = call !== undefined && !call.state.answered;
  if (rings) ring.start();
  else ring.stop();
  notify(rings);
}

/** Tells an adviser who looks at another window. */
function notify(rings: boolean): void {
  if (rings && !notice && document.hidden && Notification.permission === "granted") {
    notice = new Notification(m.ring.title, { body: call!.site, requireInteraction: true });
    notice.onclick = () => window.focus();
  } else if (!rings) {
    notice?.close();
    notice = undefined;
  }
}

function end(): void {
  call?.close();
  call = undefined;
  detached = false;
  window.visioborne.connection = undefined;
}

/** Ends the call, by the adviser's wish or because the citizen has hung up. */
function hangUp(tell: boolean): void {
  const ended = call;
  if (!ended) return;
  call = undefined;
  detached = false;
  window.visioborne.connection = undefined;
  if (tell) ended.hangUp();
  else ended.close();
  say({ do: "hang_up", call: ended.id });
  follow();
  show();
}

/** Asks for the devices once, while the adviser looks, so that answering is quick; they are closed at once. */
async function switchAvailable(on: boolean): Promise<void> {
  ring.allow();
  say({ do: "available", on });
  if (!on) return;
  if (Notification.permission === "default") void Notification.requestPermission();
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    for (const t of stream.getTracks()) t.stop();
    problem = null;
  } catch (error) {
    problem = deviceProblem(error);
  }
  show();
}

function show(): void {
  patch(root, page());
  const video = document.querySelector<HTMLVideoElement>("#citizen");
  if (video && call && video.srcObject !== call.remote) video.srcObject = call.remote;
  const own = document.querySelector<HTMLVideoElement>("#own");
  if (own && own.srcObject !== (call?.local ?? null)) own.srcObject = call?.local ?? null;
  const rings = call !== undefined && !call.state.answered;
  document.title = rings ? `${Math.floor(Date.now() / 1000) % 2 ? "● " : ""}${m.ring.title} : ${call!.site}` : m.title;
}

function page(): Child[] {
  if (!view) return [h("main", { class: "wait" }, h("p", { role: "status" }, offline ? m.offline : "…"))];
  switch (view.screen) {
    case "signed_out":
      location.assign(signInAddress());
      return [];
    case "replaced":
      return [h("main", { class: "wait" }, h("h1", null, m.replaced), h("button", { type: "button", class: "button primary", onclick: () => location.reload() }, m.here))];
    case "ready":
      return desk(view);
    default:
      return view.screen satisfies never;
  }
}

function desk(v: DeskView): Child[] {
  const passed = Math.floor((performance.now() - viewAt) / 1000);
  const rings = call !== undefined && !call.state.answered;
  return [
    h("header", null,
      h("p", { class: "brand" }, "Visioborne"),
      h("p", { class: "adviser" }, h("b", null, v.adviser!.partner.short), ` ${v.adviser!.name}`),
      h("button", {
        type: "button", role: "switch", class: "switch", "aria-checked": v.available ? "true" : "false",
        onclick: () => void switchAvailable(!v.available),
      }, h("i", { "aria-hidden": "true" }), m.available),
      // In a tab of its own: leaving this page would end a call.
      h("a", { class: "button plain", href: "/password", target: "_blank" }, texts.password),
      h("button", { type: "button", class: "button plain", onclick: () => void signOut() }, m.signOut)),
    offline && h("p", { key: "offline", class: "banner", role: "alert" }, m.offline),
    v.absent && !v.available && h("p", { key: "absent", class: "banner", role: "alert" }, m.absent),
    problem && h("p", { key: "problem", class: "banner", role: "alert" }, problem),
    h("div", { class: "room" },
      h("main", null,
        rings && ringing(v, passed),
        call?.state.answered ? talk(call) : !rings && h("div", { key: "quiet", class: "quiet" }, icon(icons.video), h("h1", null, v.available ? m.availableHint : m.awayHint), h("p", null, m.quiet))),
      h("aside", { "aria-label": m.line },
        h("h2", null, m.line),
        v.line.length === 0
          ? h("p", { key: "nobody", class: "nobody" }, m.nobodyWaits)
          : h("ol", { key: "line" }, v.line.map((w) => h("li", { key: w.call }, h("b", null, w.site), " ", h("span", null, m.since(m.duration(w.since_seconds + passed)))))))),
  ];
}

function ringing(v: DeskView, passed: number): Node {
  const current = call!;
  return h("div", { key: "ring", class: "ring", role: "alertdialog", "aria-labelledby": "ring-title", "aria-describedby": "ring-text" },
    icon(icons.phone, "icon bell"),
    h("h1", { id: "ring-title" }, m.ring.title),
    h("p", { id: "ring-text" }, h("b", null, current.site), " ", h("span", null, m.ring.waited(m.duration((v.call?.waited_seconds ?? 0) + passed)))),
    h("div", { class: "actions" },
      h("button", {
        key: "answer", type: "button", class: "button good", autofocus: true,
        onclick: () => {
          say({ do: "answer", call: current.id });
          current.answer();
          follow();
          show();
        },
      }, m.ring.answer),
      h("button", { key: "decline", type: "button", class: "button plain", onclick: () => say({ do: "decline", call: current.id }) }, m.ring.decline)));
}

function talk(c: Call): Node {
  const s = c.state;
  const seconds = s.since ? Math.floor((Date.now() - s.since) / 1000) : 0;
  const overlay = !s.connected ? m.talk.connecting : s.interrupted ? m.talk.interrupted : null;
  const signs = [s.citizenAway && m.talk.citizenAway, s.citizenCameraOff && m.talk.citizenCameraOff, s.citizenMicrophoneOff && m.talk.citizenMicrophoneOff, s.problem].filter((t) => typeof t === "string");
  const toggle = (key: string, on: boolean, text: string, picture: string[], act: () => void) =>
    h("button", { key, type: "button", class: "button toggle", "aria-pressed": on ? "true" : "false", onclick: act }, icon(picture), text);
  return h("section", { key: "talk", class: "talk", "aria-label": c.site },
    h("h1", { class: "announcer" }, c.site),
    h("div", { class: "stage" },
      h("video", { id: "citizen", "aria-label": m.talk.citizen, autoplay: true, playsinline: true, class: s.citizenCameraOff ? "hidden" : "" }),
      h("video", { id: "own", "aria-label": m.talk.you, autoplay: true, playsinline: true, muted: true, class: s.camera && c.local ? "" : "hidden" }),
      h("p", { class: "caption" }, c.site, " ", h("span", { class: "digits" }, m.duration(seconds))),
      signs.length > 0 && h("ul", { key: "signs", class: "signs", role: "status" }, signs.map((text) => h("li", null, text))),
      overlay && h("p", { key: "overlay", class: "overlay", role: "status" }, overlay)),
    h("div", { class: "controls" },
      toggle("microphone", s.microphone, s.microphone ? m.talk.microphoneOn : m.talk.microphoneOff, s.microphone ? icons.microphone : icons.microphoneOff, () => c.setMicrophone(!s.microphone)),
      toggle("camera", s.camera, s.camera ? m.talk.cameraOn : m.talk.cameraOff, s.camera ? icons.camera : icons.cameraOff, () => c.setCamera(!s.camera)),
      h("button", { key: "hang_up", type: "button", class: "button danger", onclick: () => hangUp(true) }, icon(icons.hangUp), m.talk.hangUp)));
}

// Waiting times and the call's duration move on with the clock.
setInterval(() => view?.screen === "ready" && show(), 1000);
addEventListener("pagehide", () => call?.hangUp());

show();
connect();
