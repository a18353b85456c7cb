// What home looks like while nobody is there: the Département's picture and logo, what the booth is for, in one language
// after the other, and the partners. A partner is touched here as well as on the list: this screen costs nobody a touch.

import { h, icon, type Node } from "../common/dom";
import { icons, type IconName } from "../common/icons";
import type { Partner } from "../common/screen";
import { direction, messages } from "./messages";
import type { Tools } from "./screens";

/** How long a language stays: the longest sentence read slowly. */
const turnMilliseconds = 7000;

/** The language whose turn it is. Who wants nothing to move gets the site's own. */
function turn(t: Tools): string {
  const languages = t.view.languages;
  if (languages.length < 2 || matchMedia("(prefers-reduced-motion: reduce)").matches) return t.view.language;
  return languages[Math.floor(t.now.getTime() / turnMilliseconds) % languages.length]!;
}

/** The waiting screen. */
export function attract(t: Tools, partners: Partner[], status: (p: Partner) => [className: string, text: string]): Node {
  const { picture, logo } = t.view.attract!;
  const language = turn(t);
  const m = messages(language);
  const home = () => t.driving && t.send({ intent: "touch" });
  return h("main", { key: "attract", class: "screen attract", onclick: home },
    h("div", { class: "poster" },
      h("div", { class: "scene" },
        picture ? h("img", { key: "own", class: "picture", src: picture, alt: "" }) : drawing(),
        logo && h("img", { key: "logo", class: "logo", src: logo, alt: "" })),
      h("div", { key: language, class: "words", lang: language, dir: direction(language) },
        h("h1", null, m.attract.purpose),
        h("button", { type: "button", class: "button primary large begin", disabled: !t.driving }, icon(icons.touch), h("span", null, m.attract.touch)))),
    h("ul", { class: "doors" }, partners.map((p) => {
      const [className, text] = status(p);
      return h("li", { key: p.id },
        h("button", {
          type: "button", class: `door ${className}`, disabled: !t.driving,
          onclick: (event) => {
            event.stopPropagation();
            t.send({ intent: "partner", partner: p.id });
          },
        }, icon(p.icon in icons ? icons[p.icon as IconName] : icons.help), h("strong", null, p.short), " ", h("span", { class: "status" }, text)));
    })));
}

/** A river's valley in the morning, drawn by us: of no place, and of nobody. */
function drawing(): Node {
  const path = (className: string, d: string) => h("path", { class: className, d });
  return h("svg", { key: "drawn", class: "picture drawn", viewBox: "0 0 1280 600", preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true", focusable: "false" },
    path("sky", "M0 0h1280v600H0z"),
    h("circle", { class: "sun", cx: "980", cy: "170", r: "90" }),
    path("far", "M0 330c160-90 300-110 470-60s310 40 460-20 250-60 350-30v380H0z"),
    path("near", "M0 400c210-60 380-30 560 10s380 20 720-50v240H0z"),
    path("river", "M560 410c120 40 60 70-60 100s-260 50-330 90h560c10-50-20-70 40-100s110-70-70-82c-60-4-110-4-140-8z"),
    path("house", "M860 330h120v84H860z"), path("roof", "m845 334 75-58 75 58z"), path("door", "M908 368h26v46h-26z"),
    path("tree", "M300 376a44 58 0 1 1 .1 0zM292 370h16v46h-16z"), path("tree", "M384 392a30 42 0 1 1 .1 0zM378 388h12v36h-12z"), path("tree", "M1090 360a36 50 0 1 1 .1 0zM1084 354h13v42h-13z"));
}
