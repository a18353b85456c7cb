// Choosing a language: a button on every screen with the present language's own name, and a layer of large buttons, each
// language in its own name and script.

import { h, icon, type Node } from "../common/dom";
import { icons, type IconName } from "../common/icons";
import { direction, messages } from "./messages";
import type { Tools } from "./screens";

/** Makes the document one in a language: how it is read aloud, and which way it runs. */
export function speak(language: string): void {
  document.documentElement.lang = language;
  document.documentElement.dir = direction(language);
}

// What points along the line points the other way where lines run from right to left.
const pointing: IconName[] = ["back", "louder", "quieter", "pass"];

/** An icon in a button, mirrored where it must be. */
export function picture(name: IconName): Node {
  return icon(icons[name], pointing.includes(name) ? "icon pointing" : "icon");
}

/** The button in the header. */
export function languageButton(t: Tools): Node | false {
  const { languages, language, asks_language } = t.view;
  if (languages.length < 2) return false;
  return h("button", {
    key: "languages", type: "button", class: "language", disabled: !t.driving, "aria-expanded": asks_language ? "true" : "false",
    onclick: () => t.send({ intent: "languages", on: !asks_language }),
  }, icon(icons.globe), " ", h("span", { class: "announcer" }, `${t.m.languages.title} : `), h("span", null, messages(language).name));
}

/** The layer in which a language is chosen; the screen waits under it. */
export function languageLayer(t: Tools): Node {
  return h("main", { key: "languages", class: "screen languages" },
    h("h1", null, icon(icons.globe), " ", t.m.languages.title),
    h("ul", { class: "names" }, t.view.languages.map((code) => h("li", { key: code },
      h("button", {
        type: "button", class: "button name", lang: code, dir: direction(code), disabled: !t.driving,
        "aria-pressed": code === t.view.language ? "true" : "false",
        onclick: () => t.send({ intent: "language", language: code }),
      }, code === t.view.language && icon(icons.check), h("span", null, messages(code).name))))),
    t.button("secondary large", t.m.back, "back", { intent: "languages", on: false }, { key: "back" }));
}
