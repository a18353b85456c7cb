// Changing one's own password; whoever came with a one-time password has to.

import "../common/people.css";
import { h, patch } from "../common/dom";
import { bar, field, post, texts, whoIsThere, type State } from "../common/people";
import { m } from "./messages";

const root = document.getElementById("root")!;
let state: State | undefined;
/** The field that something is wrong with, and what. */
let wrong: { field: string; text: string } | undefined;
let busy = false;

async function change(form: HTMLFormElement): Promise<void> {
  const fields = new FormData(form);
  const refuse = (name: string, text: string) => {
    busy = false;
    wrong = { field: name, text };
    show();
    document.getElementById(name)?.focus();
  };
  if (fields.get("new") !== fields.get("again")) return refuse("again", m.problems["differ"]!);
  busy = true;
  wrong = undefined;
  show();
  const { status, body } = await post<{ next?: string }>("/password", { old: fields.get("old"), new: fields.get("new") });
  if (status === 200 && body?.next) {
    location.assign(body.next);
    return;
  }
  const error = body?.error ?? "";
  if (error === "too_many") return refuse("old", texts.tooMany(body?.retry_seconds ?? 30));
  refuse(error === "password" || error === "same" ? "new" : "old", m.problems[error] ?? texts.unavailable);
}

const about = (name: string) => (wrong?.field === name ? wrong.text : null);

function show(): void {
  if (!state) return;
  patch(root, [
    bar(state, m.title),
    h("main", { class: "lone" },
      h("form", {
        class: "card",
        onsubmit: (event) => {
          event.preventDefault();
          void change(event.target as HTMLFormElement);
        },
      },
        state.home === "/password" && h("p", { key: "once", class: "done" }, m.oneTime),
        h("input", { key: "user", class: "announcer", name: "user", autocomplete: "username", value: state.user ?? "", readonly: true, tabindex: -1, "aria-hidden": "true" }),
        field("old", m.old, { type: "password", autocomplete: "current-password", required: true }, about("old")),
        field("new", m.new, { type: "password", autocomplete: "new-password", required: true, minlength: 12, maxlength: 200 }, about("new"), m.hint),
        field("again", m.again, { type: "password", autocomplete: "new-password", required: true }, about("again")),
        h("p", { key: "others", class: "hint" }, m.others),
        h("button", { key: "button", class: "button primary", disabled: busy }, busy ? m.busy : m.button))),
  ]);
}

void whoIsThere().then((s) => {
  state = s ?? { provider: "", signed_in: false };
  show();
});
