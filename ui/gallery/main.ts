// Every screen of the touchscreen, without a kiosk: /?index=N shows the N-th of
// ui/common/screens.golden.ts, with &watching as a page that does not drive, and
// with &language=ar in another language. &panel=268x476 is another panel than the
// view's, in millimetres, as a kiosk would tell of it; &low=0 and &low=1 put a
// high panel's controls all over it or into its lower part, &double=N sets the
// guard's moment, &lit lights a dark one. The same after a # changes the page
// without loading it anew; a test may also change the view with show(N), as a
// push does. In sent it reads what was touched.

import "../touchscreen/touchscreen.css";
import "../touchscreen/languages.css";
import "../touchscreen/opinion.css";
import "../touchscreen/attract.css";
import "../touchscreen/text.css";
import { patch } from "../common/dom";
import type { Intent, View } from "../common/screen";
import { views } from "../common/screens.golden";
import { doubled, DoubleTouchGuard } from "../touchscreen/guard";
import { Keyboard } from "../touchscreen/keyboard";
import { speak } from "../touchscreen/languages";
import { all } from "../touchscreen/messages";
import { applyPanel, drawnOn, fit } from "../touchscreen/panel";
import { render } from "../touchscreen/screens";

declare global {
  interface Window {
    show: (index: number) => void;
    sent: Intent[];
  }
}

/** Stands for a picture and a logo that only a booth has. */
const sample = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90" width="160" height="90"><path fill="#7fa6ad" d="M0 0h160v90H0z"/><path fill="#cfdde0" d="m0 90 60-50 30 25 20-15 50 40z"/></svg>')}`;

let query = new URLSearchParams(location.hash.slice(1) || location.search);
window.sent = [];

/** The view on another panel. */
function onPanel(view: View): View {
  const size = /^(\d+)x(\d+)$/.exec(query.get("panel") ?? "");
  if (!size) return view;
  const [width, height] = [Number(size[1]), Number(size[2])];
  // As config.Panel has it.
  const viewing = Math.max(30, Math.min(70, Math.floor(Math.min(width, height) * 52 / 100)));
  const lowers = height > 300 && height > width;
  const panel = {
    ...view.panel, width_mm: width, height_mm: height, capital_mm: Math.ceil(viewing * 10 * Math.PI * 0.7 / 180 * 10) / 10,
    double_touch_ms: Number(query.get("double") ?? view.panel.double_touch_ms), lowers, low: lowers && query.get("low") !== "0",
  };
  return { ...view, panel };
}

let shown: View;
const keyboard = new Keyboard(draw);

function draw(): void {
  speak(shown.language);
  document.documentElement.dataset["screen"] = shown.screen.name;
  applyPanel(drawnOn(shown));
  patch(document.getElementById("root")!, render({
    view: shown,
    driving: !query.has("watching"),
    // The moment at which the views were made.
    now: new Date("2026-11-24T10:01:35Z"),
    send: (intent) => window.sent.push(intent),
    keyboard,
    saying: null,
    press: () => undefined,
  }));
  fit();
}

window.show = (index) => {
  const golden: View = views[index % views.length]!;
  shown = onPanel({
    ...golden,
    dark: golden.dark && !query.has("lit"),
    language: query.get("language") ?? golden.language,
    attract: golden.attract && { picture: golden.attract.picture && sample, logo: golden.attract.logo && sample },
  });
  draw();
};

document.documentElement.dataset["views"] = String(views.length);
document.documentElement.dataset["languages"] = Object.keys(all).join(" ");
window.show(Number(query.get("index") ?? 0));
void document.fonts.ready.then(fit);
addEventListener("resize", fit);
addEventListener("hashchange", () => {
  query = new URLSearchParams(location.hash.slice(1));
  window.show(Number(query.get("index") ?? 0));
});

const guard = new DoubleTouchGuard();
addEventListener("click", (event) => {
  if (!doubled(guard, event, shown.panel)) return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });
