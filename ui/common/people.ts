// What the pages of those who work with the hub share: who has signed in, the
// bar with the ways to the other pages, and requests to the hub.

import { h, type Child, type Node } from "./dom";

export type Role = "adviser" | "agent" | "manager" | "hotline" | "administrator";

/** Twin of state in hub/signin/signin.go. */
export interface State {
  /** The name on the provider's button; "" when there is none. */
  provider: string;
  signed_in: boolean;
  user?: string;
  name?: string;
  role?: Role;
  home?: string;
}

export const texts = {
  brand: "Visioborne",
  pages: "Pages",
  desk: "Poste conseiller", hotline: "Bornes", figures: "Fréquentation", reception: "Accueil", accounts: "Comptes", audit: "Journal", sites: "Configuration", password: "Mot de passe",
  signOut: "Se déconnecter",
  unavailable: "Le serveur ne répond pas. Réessayez dans un instant.",
  tooMany: (seconds: number) => `Trop d’essais de mot de passe. Réessayez dans ${seconds} secondes.`,
  roles: {
    adviser: "Conseiller", agent: "Agent d’accueil", manager: "Responsable", hotline: "Assistance", administrator: "Administrateur",
  } satisfies Record<Role, string>,
};

/** The pages of each role, in the bar's order. */
const pages: Record<Role, ("desk" | "hotline" | "reception" | "figures" | "accounts" | "audit" | "sites")[]> = {
  adviser: ["desk"], agent: ["reception", "figures"], manager: ["figures"], hotline: ["hotline", "sites"], administrator: ["accounts", "audit", "hotline", "sites", "figures"],
};

/** Who has signed in; undefined when the hub does not answer. */
export async function whoIsThere(): Promise<State | undefined> {
  try {
    const answer = await fetch("/sign-in/state");
    return answer.ok ? ((await answer.json()) as State) : undefined;
  } catch {
    return undefined;
  }
}

/** The address of the sign-in, which comes back to this page. */
export const signInAddress = (): string => `/sign-in?${new URLSearchParams({ then: location.pathname + location.search })}`;

/** For a page whose websocket has closed: goes to the sign-in when the session is over. */
export async function leaveWhenSignedOut(): Promise<void> {
  const state = await whoIsThere();
  if (state && !state.signed_in) location.assign(signInAddress());
}

export async function signOut(): Promise<void> {
  const { body } = await post<{ next?: string }>("/sign-out", {});
  location.assign(body?.next ?? "/sign-in");
}

export interface Problem {
  error?: string;
  retry_seconds?: number;
}

/** Asks the hub to do something. The status is 0 when it does not answer. A session that is over leads to the sign-in. */
export async function post<T>(path: string, body: unknown): Promise<{ status: number; body: (T & Problem) | undefined }> {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const json = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (answer.status === 401 && !json) location.assign(signInAddress());
    return { status: answer.status, body: json ? ((await answer.json()) as T & Problem) : undefined };
  } catch {
    return { status: 0, body: undefined };
  }
}

/** The bar above a page: where one may go, and who one is. */
export function bar(state: State, title: string): Node {
  const here = location.pathname;
  const link = (page: "desk" | "hotline" | "reception" | "figures" | "accounts" | "audit" | "sites" | "password"): Child =>
    h("li", { key: page }, h("a", { href: `/${page}`, "aria-current": here === `/${page}` ? "page" : null }, texts[page]));
  return h("header", { key: "bar", class: "bar" },
    h("p", { class: "brand" }, texts.brand),
    h("h1", null, title),
    h("nav", { "aria-label": texts.pages }, h("ul", null, (state.role ? pages[state.role] : []).map(link), link("password"))),
    h("p", { class: "who" }, state.name ?? ""),
    h("button", { type: "button", class: "button plain", onclick: () => void signOut() }, texts.signOut));
}

/** A field with its label, and what is wrong with it. */
export function field(name: string, label: string, attributes: Record<string, string | number | boolean | null>, wrong?: string | null, hint?: string): Child[] {
  const described = [hint && `${name}-hint`, wrong && `${name}-wrong`].filter(Boolean).join(" ");
  return [
    h("label", { key: `${name}-label`, for: name }, label),
    hint ? h("p", { key: `${name}-hint`, id: `${name}-hint`, class: "hint" }, hint) : null,
    h("input", { key: name, id: name, name, "aria-describedby": described || null, "aria-invalid": wrong ? "true" : null, ...attributes }),
    wrong ? h("p", { key: `${name}-wrong`, id: `${name}-wrong`, class: "problem", role: "alert" }, wrong) : null,
  ];
}
