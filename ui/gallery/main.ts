// Every screen of the touchscreen, without a kiosk: /?index=N shows the N-th of
// ui/common/screens.golden.ts, with &watching as a page that does not drive.

import "../touchscreen/touchscreen.css";
import { patch } from "../common/dom";
import { views } from "../common/screens.golden";
import { render } from "../touchscreen/screens";

const query = new URLSearchParams(location.search);
const view = views[Number(query.get("index") ?? 0) % views.length]!;
document.documentElement.lang = view.language;
document.documentElement.dataset["views"] = String(views.length);
patch(document.getElementById("root")!, render({
  view,
  driving: !query.has("watching"),
  // The moment at which the views were made.
  now: new Date("2026-11-24T10:01:35Z"),
  send: () => undefined,
  saying: null,
  press: () => undefined,
}));
