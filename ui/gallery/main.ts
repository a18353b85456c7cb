// Every screen of the touchscreen, without a kiosk: /?index=N shows the N-th of
// ui/common/screens.golden.ts, with &watching as a page that does not drive.
// &panel=268x476 is another panel than the view's, in millimetres, as a kiosk
// would tell of it; &low=0 and &low=1 put a high panel's controls all over it or
// into its lower part, &double=N sets the guard's moment, &lit lights a dark one,
// &language=en has it in another language. A test changes the view
// with show(N), as a push does, and reads in sent what was touched.

import "../touchscreen/touchscreen.css";
import { patch } from "../common/dom";
import type { Intent, View } from "../common/screen";
import { views } from "../common/screens.golden";
import { DoubleTouchGuard } from "../touchscreen/guard";
import { applyPanel, fit, pixelsPerMillimetre } from "../touchscreen/panel";
import { render } from "../touchscreen/screens";

declare global {
  interface Window {
    show: (index: number) => void;
    sent: Intent[];
  }
}

const query = new URLSearchParams(location.search);
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
window.show = (index) => {
  shown = onPanel(views[index % views.length]!);
  if (query.has("lit")) shown = { ...shown, dark: false };
  shown = { ...shown, language: query.get("language") ?? shown.language };
  document.documentElement.lang = shown.language;
  applyPanel(shown.panel);
  patch(document.getElementById("root")!, render({
    view: shown,
    driving: !query.has("watching"),
    // The moment at which the views were made.
    now: new Date("2026-11-24T10:01:35Z"),
    send: (intent) => window.sent.push(intent),
  }));
  fit();
};
document.documentElement.dataset["views"] = String(views.length);
document.documentElement.dataset["languages"] = [...new Set(views.flatMap((v) => v.languages))].join(" ");
window.show(Number(query.get("index") ?? 0));
void document.fonts.ready.then(fit);

const guard = new DoubleTouchGuard();
addEventListener("click", (event) => {
  if (!guard.swallows(event, shown.panel.double_touch_ms, pixelsPerMillimetre(shown.panel, innerWidth, innerHeight))) return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });
