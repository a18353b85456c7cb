// Every screen of the touchscreen, without a kiosk: /?index=N shows the N-th of
// ui/common/screens.golden.ts, with &watching as a page that does not drive, and
// with &language=ar in another language. The same after a # changes the page
// without loading it anew.

import "../touchscreen/touchscreen.css";
import "../touchscreen/languages.css";
import "../touchscreen/opinion.css";
import "../touchscreen/attract.css";
import "../touchscreen/text.css";
import { patch } from "../common/dom";
import type { View } from "../common/screen";
import { views } from "../common/screens.golden";
import { speak } from "../touchscreen/languages";
import { all } from "../touchscreen/messages";
import { Keyboard } from "../touchscreen/keyboard";
import { render } from "../touchscreen/screens";

/** Stands for a picture and a logo that only a booth has. */
const sample = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90" width="160" height="90"><path fill="#7fa6ad" d="M0 0h160v90H0z"/><path fill="#cfdde0" d="m0 90 60-50 30 25 20-15 50 40z"/></svg>')}`;
document.documentElement.dataset["views"] = String(views.length);
document.documentElement.dataset["languages"] = Object.keys(all).join(" ");

function show(): void {
  const query = new URLSearchParams(location.hash.slice(1) || location.search);
  const golden: View = views[Number(query.get("index") ?? 0) % views.length]!;
  const view: View = {
    ...golden,
    language: query.get("language") ?? golden.language,
    attract: golden.attract && { picture: golden.attract.picture && sample, logo: golden.attract.logo && sample },
  };
  speak(view.language);
  document.documentElement.dataset["screen"] = view.screen.name;
  patch(document.getElementById("root")!, render({
    view,
    driving: !query.has("watching"),
    // The moment at which the views were made.
    now: new Date("2026-11-24T10:01:35Z"),
    send: () => undefined,
    keyboard: new Keyboard(() => undefined),
    saying: null,
    press: () => undefined,
  }));
}

addEventListener("hashchange", show);
show();
