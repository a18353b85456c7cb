// The sign-in: with a password, or by the provider. Whoever has a session is sent on.

import "../common/people.css";
import { h, patch } from "../common/dom";
import { field, post, texts, whoIsThere, type State } from "../common/people";
import { m } from "./messages";

const root = document.getElementById("root")!;
const query = new URLSearchParams(location.search);
let state: State | undefined;
let problem: string | null = m.problems[query.get("problem") ?? ""] ?? null;
let busy = false;

/** The page that was wanted, if it is one of this hub's. */
function wanted(): string {
  const then = query.get("then") ?? "";
  if (!then.startsWith("/")) return "";
  const there = new URL(then, location.origin);
  return there.origin === location.origin && there.pathname !== "/sign-in" ? there.pathname + there.search : "";
}

async function signIn(form: HTMLFormElement): Promise<void> {
  const fields = new FormData(form);
  busy = true;
  problem = null;
  show();
  const { status, body } = await post<{ next?: string }>("/sign-in", {
    user: fields.get("user"), password: fields.get("password"), then: wanted(),
  });
  if (status === 200 && body?.next) {
    location.assign(body.next);
    return;
  }
  busy = false;
  problem = status === 429 ? texts.tooMany(body?.retry_seconds ?? 30) : status === 401 ? m.wrong : texts.unavailable;
  show();
  document.getElementById("password")?.focus();
}

function show(): void {
  const provider = state?.provider;
  patch(root, [
    h("main", { class: "lone" },
      h("form", {
        class: "card",
        onsubmit: (event) => {
          event.preventDefault();
          void signIn(event.target as HTMLFormElement);
        },
      },
        h("p", { class: "brand" }, texts.brand),
        h("h1", null, m.title),
        problem && h("p", { key: "problem", class: "problem", role: "alert" }, problem),
        provider && h("a", { key: "provider", class: "button primary", href: `/sign-in/provider?${new URLSearchParams({ then: wanted() })}` }, m.with(provider)),
        provider && h("p", { key: "or", class: "or" }, m.or),
        field("user", m.user, { autocomplete: "username", required: true, autofocus: true, autocapitalize: "none", spellcheck: "false" }),
        field("password", m.password, { type: "password", autocomplete: "current-password", required: true }),
        h("button", { key: "button", class: "button primary", disabled: busy }, busy ? m.busy : m.button),
        h("p", { key: "help", class: "hint" }, m.help))),
  ]);
}

async function begin(): Promise<void> {
  state = await whoIsThere();
  if (state?.signed_in) {
    const home = state.home ?? "/";
    location.replace(home === "/password" ? home : wanted() || home);
    return;
  }
  show();
}

show();
document.getElementById("user")?.focus();
void begin();
