// The keyboard on the screen, for what the citizen types in a call, and the keys of a real one where there is one. What
// is typed goes to the booth letter by letter and comes back as part of what is shown; here is only which page of keys
// is up.

import { h, icon, type Node } from "../common/dom";
import { icons, type IconName } from "../common/icons";
import type { View } from "../common/screen";
import { digits, latin, layout } from "./layouts";
import { messages } from "./messages";

type Page = "letters" | "more" | "digits";

export class Keyboard {
  private page: Page = "letters";
  private shift = false;
  /** Latin letters are up, of a language with others. */
  private latin = false;
  /** How many lines the citizen has gone back in what was written. */
  private back = 0;
  private lines = 0;

  constructor(private readonly changed: () => void) {}

  /** It is not up: the next time it begins with the letters, whoever types then. */
  reset(): void {
    this.page = "letters";
    this.shift = this.latin = false;
    this.back = this.lines = 0;
  }

  /** The keys, in the language of the page. */
  render(language: string, driving: boolean, type: (text: string) => void, close: () => void): Node {
    const m = messages(language).keyboard;
    const own = layout(language);
    const letters = this.latin && own.script ? latin.layout : own;
    const rows = this.page === "digits" ? digits : this.page === "more" && letters.more ? letters.more.rows : letters.letters;
    const capitals = letters.capitals && this.page !== "digits";
    const capital = this.shift && capitals;
    const key = (name: string, label: string, act: () => void, more: { className?: string; picture?: IconName | string[]; pressed?: boolean; span?: string } = {}): Node =>
      h("button", {
        key: name, type: "button", class: `letter ${more.className ?? ""} ${more.span ?? ""}`, disabled: !driving,
        "aria-label": more.picture ? label : null, "aria-pressed": more.pressed === undefined ? null : String(more.pressed),
        // The focus of a real keyboard stays where it is.
        onmousedown: (event) => event.preventDefault(),
        onclick: () => {
          act();
          this.changed();
        },
      }, more.picture ? icon(typeof more.picture === "string" ? icons[more.picture] : more.picture) : h("span", null, label));
    const letter = (l: string) => {
      const shown = capital ? l.toLocaleUpperCase(language) : l;
      return key(l, shown, () => {
        type(shown);
        this.shift = false;
        if (this.page === "more") this.page = "letters";
      });
    };
    const go = (page: Page) => () => {
      this.page = this.page === page ? "letters" : page;
    };
    return h("div", { key: "keyboard", class: "letters", role: "group", "aria-label": m.title, dir: "ltr" },
      h("div", { key: "first", class: rowClass(rows[0]) }, [...rows[0]].map(letter)),
      h("div", { key: "second", class: rowClass(rows[1]) }, [...rows[1]].map(letter)),
      h("div", { key: "third", class: rowClass(rows[2], capitals ? 3 : 2) },
        capitals && key("shift", m.shift, () => {
          this.shift = !this.shift;
        }, { className: "side", picture: ["M12 4 4.5 12H9v7h6v-7h4.5z"], pressed: this.shift }),
        [...rows[2]].map(letter),
        key("erase", m.erase, () => type("\b"), { className: "side", span: "wide", picture: ["M8 6h12v12H8l-5-6z", "m11 9.5 5 5", "m16 9.5-5 5"] })),
      h("div", { key: "fourth", class: "row" },
        letters.more && key("more", letters.more.name, go("more"), { className: "side", pressed: this.page === "more" }),
        key("digits", m.digits, go("digits"), { className: "side", pressed: this.page === "digits" }),
        own.script
          ? key("script", this.latin ? own.script : latin.name, () => {
              this.latin = !this.latin;
              this.page = "letters";
            }, { className: "side" })
          : key("comma", ",", () => type(",")),
        key("space", m.space, () => type(" "), { span: "space" }),
        key("dot", ".", () => type(".")),
        key("end", m.end, () => type("\n"), { className: "side primary", span: "half" }),
        key("close", m.close, close, { className: "side", span: "half" })));
  }

  /** The lines to show of what was written, the newest last, and the keys to read what is further up. */
  read<T>(all: T[]): { shown: T[]; earlier: (() => void) | null; later: (() => void) | null } {
    if (all.length !== this.lines) this.back = 0; // there is something new
    this.lines = all.length;
    const step = (by: number) => () => {
      this.back = Math.min(Math.max(this.back + by, 0), all.length - 1);
      this.changed();
    };
    return {
      shown: all.slice(0, all.length - this.back),
      earlier: this.back < all.length - 1 ? step(1) : null,
      later: this.back > 0 ? step(-1) : null,
    };
  }

  /** What a key of a real keyboard types into a call; undefined if it does something else. */
  static typed(view: View, event: KeyboardEvent): string | undefined {
    if (view.screen.name !== "call" || !view.screen.text || view.still_there !== null) return undefined;
    if (event.isComposing || event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"))) return undefined;
    // Enter and space are those of a button that has the focus.
    const button = document.activeElement instanceof HTMLButtonElement;
    if (event.key === "Enter") return button ? undefined : "\n";
    if (event.key === " " && button) return undefined;
    if (event.key === "Backspace") return "\b";
    return [...event.key].length === 1 ? event.key : undefined;
  }
}

/** A row of more than ten keys has narrower ones. */
function rowClass(row: string, more = 0): string {
  return [...row].length + more > 10 ? "row dense" : "row";
}
