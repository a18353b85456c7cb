// The booth's touchscreen: shows what the kiosk pushes, sends what the citizen does.

import "./touchscreen.css";
import "./languages.css";
import "./opinion.css";
import "./attract.css";
import "./text.css";
import { h, patch } from "../common/dom";
import { streamAdviser, type Intent, type Note, type Push, type View } from "../common/screen";
import { speak } from "./languages";
import { doubled, DoubleTouchGuard, SlidTouch } from "./guard";
import { Keyboard } from "./keyboard";
import { messages } from "./messages";
import { applyPanel, drawnOn, fit } from "./panel";
import { render } from "./screens";
import { fourKey, Spoken, type Saying } from "./spoken";
import { shiftAt } from "./shift";
import { Pictures } from "./video";

const root = document.getElementById("root")!;
const retryMilliseconds = { first: 200, most: 2000 };
/** For so long after a touch the page stands still. */
const restMilliseconds = 60_000;
let touched = -restMilliseconds;

let push: Push | undefined;
let socket: WebSocket | undefined;
let retry = retryMilliseconds.first;
let pictures: Pictures | undefined;
const keyboard = new Keyboard(show);
let saying: Saying | null = null;
const spoken = new Spoken(root, (text) => send({ intent: "speak", text }), () => send({ intent: "touch" }));

function send(intent: Intent): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(intent));
}

function show(): void {
  if (!push) {
    const m = messages(document.documentElement.lang).offline;
    patch(root, [h("main", { key: "offline", class: "screen offline", role: "status" }, h("h1", null, m.title), h("p", { class: "lead" }, m.text))]);
    return;
  }
  speak(push.view.language);
  applyPanel(drawnOn(push.view));
  const { screen } = push.view;
  if (screen.name !== "call" || !screen.keyboard) keyboard.reset();
  if (push.view.dark) covered = performance.now();
  if (!push.view.speech.on) saying = null;
  patch(root, render({ view: push.view, driving: push.driving, now: new Date(), send, keyboard, saying, press: (key) => spoken.press(key) }));
  spoken.show(push.driving ? push.view : undefined);
  if (fitted !== push) fit(); // the clock's texts do not change its size
  fitted = push;
  shift();
  watchPictures();
  const open = push.view.help?.open === true;
  if (open && !helped) document.querySelector<HTMLElement>(".help-layer button")?.focus();
  helped = open;
}
let helped = false;

/** The push whose screen was made to fit; a window of another size is fitted anew. */
let fitted: Push | undefined;
function refit(): void {
  fitted = undefined;
  show();
}

/** Moves the page of a booth that nobody uses, against burn-in; whoever wants nothing to move is spared it. */
function shift(): void {
  const waits = push !== undefined && ["home", "closed", "out_of_service"].includes(push.view.screen.name);
  const used = performance.now() - touched < restMilliseconds || push?.view.greeting === true || push?.view.still_there != null;
  const still = push?.view.panel.transitions === false || matchMedia("(prefers-reduced-motion: reduce)").matches;
  const [x, y] = waits && !used && !still ? shiftAt(Date.now()) : [0, 0];
  root.style.transform = x === 0 && y === 0 ? "" : `translate(${x}px, ${y}px)`;
}

/** Pictures come while this page drives a call. */
function watchPictures(): void {
  const wanted = push !== undefined && push.driving && push.view.screen.name === "call";
  if (wanted && !pictures) {
    pictures = new Pictures(
      push!.page,
      (stream) => document.querySelector<HTMLCanvasElement>(stream === streamAdviser ? "#adviser" : "#own"),
      () => {
        pictures?.close();
        pictures = undefined;
        setTimeout(watchPictures, retryMilliseconds.first);
      },
    );
  } else if (!wanted && pictures) {
    pictures.close();
    pictures = undefined;
  }
}

function connect(): void {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/socket`); // https: a technician watches
  socket.onmessage = (event: MessageEvent<string>) => {
    retry = retryMilliseconds.first;
    const before = push?.view;
    const message = JSON.parse(event.data) as Push | Note;
    if (!("seq" in message)) {
      if (message.key) spoken.press(message.key);
      if (message.saying !== undefined) {
        saying = { text: message.saying, times: (saying?.times ?? 0) + 1 };
        show();
      }
      return;
    }
    push = message;
    // Help, or the languages, that give way, to an adviser who has answered say, go from under the finger too.
    const layer = (v?: View) => v?.help?.open === true || v?.asks_language === true;
    const gaveWay = layer(before) && !layer(push.view) && before!.screen.name !== push.view.screen.name;
    // A second tap that was meant for the waiting screen means nothing on the list that comes after it.
    if (before?.attract && !push.view.attract && push.view.screen.name === "home") covered = performance.now();
    if (before?.dark || gaveWay || question(before) !== question(push.view)) covered = performance.now();
    show();
  };
  socket.onclose = () => {
    push = undefined;
    spoken.show(undefined);
    pictures?.close();
    pictures = undefined;
    show();
    setTimeout(connect, retry);
    retry = Math.min(2 * retry, retryMilliseconds.most);
  };
}

// A finger anywhere tells the booth that somebody is there; at most once a second.
addEventListener("pointerdown", (event) => {
  // Whoever is asked whether they are there answers by the click: the question must not go from under the finger.
  if (push?.view.still_there != null) return;
  // So does whoever touches the waiting screen: a partner on it must not go from under the finger either.
  if (push?.view.attract != null && !push.view.dark && (event.target as Element).closest("main, button")) return;
  if (performance.now() - touched < 1000) return;
  touched = performance.now();
  send({ intent: "touch" });
});
// The touch that lights a dark panel does nothing else: it was not aimed at what lay under it. Nor was one that comes just
// as the citizen is asked something, or just after: nobody is to agree to what they have not read.
function question(v: View | undefined): string {
  if (v?.still_there != null) return "there";
  if (!v || v.asks_language || v.help?.open) return ""; // nothing is asked that is not seen
  if (v.screen.name === "call_back") return "call_back";
  if (v.screen.name !== "call" || v.screen.state !== "connected") return "";
  return v.screen.company === "offered" ? "company" : v.screen.photo === "wanted" ? "photo" : "";
}
// And a second touch at the same place, in the moment after one that counted, is part of that one.
const guard = new DoubleTouchGuard();
function double(event: MouseEvent): boolean {
  const p = push?.view.panel;
  return p !== undefined && doubled(guard, event, p);
}
const slid = new SlidTouch();
addEventListener("pointerdown", (event) => slid.begins(event));
addEventListener("pointerup", (event) => slid.ends(event));
addEventListener("pointercancel", () => slid.fails());
const coveredMilliseconds = 800;
let covered = -coveredMilliseconds;
addEventListener("click", (event) => {
  slid.clicked();
  if (performance.now() - covered > coveredMilliseconds && !double(event)) return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });
// A keyboard, where one reaches the page: its arrows begin the spoken mode, and are two of the four keys from then on.
addEventListener("keydown", (event) => {
  const key = fourKey(event.key);
  if (!key || event.ctrlKey || event.altKey || event.metaKey || !push?.driving) return;
  if (spoken.on) {
    event.preventDefault();
    if (event.repeat) return;
    if (push.view.still_there === null) send({ intent: "touch" });
    spoken.press(key);
  } else if (push.view.speech.available && event.key.startsWith("Arrow") && !(event.target instanceof HTMLInputElement)) {
    event.preventDefault();
    send({ intent: "speech", on: true });
  }
});
// A finger held in the upper left corner opens the technician's page: nobody does that by chance.
const holdMilliseconds = 5000;
const cornerPixels = 140;
let hold: number | undefined;
const letGo = () => clearTimeout(hold);
addEventListener("pointerdown", (event) => {
  letGo();
  if (event.clientX > cornerPixels || event.clientY > cornerPixels) return;
  hold = window.setTimeout(() => send({ intent: "technician" }), holdMilliseconds);
});
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, letGo);
addEventListener("resize", refit);
void document.fonts.ready.then(refit);
addEventListener("contextmenu", (event) => event.preventDefault());
addEventListener("keydown", (event) => {
  if (event.defaultPrevented || push?.view.asks_language || push?.view.help?.open) return;
  const text = push?.driving ? Keyboard.typed(push.view, event) : undefined;
  if (text === undefined) return;
  event.preventDefault();
  send({ intent: "type", text });
});
// The waiting time and "today at" move on with the clock; and the booth starts a browser again whose page says no more.
setInterval(() => {
  if (push) show();
  send({ intent: "alive" });
}, 1000);

show();
connect();
