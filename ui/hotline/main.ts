// The hotline's list: every booth of the configuration, as the hub pushes it.

import "./hotline.css";
import { h, patch, type Child } from "../common/dom";

/** Twin of hub/hotline/view.go. */
interface Booth {
  id: string;
  name: string;
  known: boolean;
  state: "up" | "silent" | "never";
  seen_at: string | null;
  version: string;
  phase: string;
  since: string | null;
  encoder: string;
  encoder_reason: string;
  simulated: string[] | null;
  warnings: string[] | null;
  update: Update | null;
  device_check: DeviceCheck | null;
  sound: Sound | null;
  last_call: LastCall | null;
}
/** Twin of wire.LastCall. */
interface LastCall {
  half_day: string;
  failed?: string;
  causes?: string[];
  sound?: Sound;
}
/** Twin of wire.Sound. */
interface Sound {
  echo?: string;
  echo_reduced_db?: number;
  made_up_per_mille: number;
}
/** Twin of wire.DeviceCheck. */
interface DeviceCheck {
  state: "running" | "done" | "interrupted";
  at?: string;
  findings?: { device: string; result: string }[];
}
/** Twin of wire.Update. */
interface Update {
  state: "waiting" | "loading" | "ready" | "trial" | "failed" | "refused";
  version: string;
  percent?: number;
  reason?: string;
}
interface View {
  seq: number;
  booths: Booth[];
}

const texts = {
  title: "Bornes",
  count: (up: number, all: number) => `${up} sur ${all} en ligne`,
  offline: "Le serveur ne répond pas ; nouvel essai en cours.",
  none: "Aucune borne n’est configurée.",
  columns: ["Borne", "État", "Activité", "Dernier signe", "Version", "Encodeur vidéo", "Dernier appel", "Matériel", "À signaler"],
  state: { up: "En ligne", silent: "Silencieuse", never: "Jamais vue" },
  phases: {
    none: "Libre", browsing: "Un usager choisit", choosing: "Un usager choisit", contacting: "Appelle", waiting: "Attend un conseiller",
    called_back: "Est rappelée", connecting: "Établit l’appel", in_call: "En appel", ended: "Fin d’appel", failed: "Appel en échec",
  } as Record<string, string>,
  devices: { camera: "caméra", microphone: "micro", speaker: "haut-parleur" } as Record<string, string>,
  warnings: {
    camera_missing: "La caméra n’est pas branchée",
    microphone_missing: "Le microphone n’est pas branché",
    speaker_missing: "Le haut-parleur n’est pas branché",
    screen_dark: "L’écran de la borne ne montre pas la page",
    maintenance_open: "La maintenance est ouverte au réseau de la salle",
  } as Record<string, string>,
  update: (u: Update): string => {
    const reason = u.reason ? (texts.updateReasons[u.reason] ?? u.reason) : "";
    const because = reason && ` (${reason})`;
    switch (u.state) {
      case "waiting":
        return `Mise à jour ${u.version} en attente${because}`;
      case "loading":
        return `Mise à jour ${u.version} : ${u.percent ?? 0} % reçus`;
      case "ready":
        return `Mise à jour ${u.version} prête, au prochain moment libre`;
      case "trial":
        return `Mise à jour ${u.version} à l’essai`;
      case "failed":
        return `La mise à jour ${u.version} n’a pas tenu${because} ; l’ancienne version fonctionne`;
      case "refused":
        return `Mise à jour ${u.version} refusée${because}`;
    }
  },
  updateReasons: {
    no_start: "le service n’a pas démarré", no_page: "l’écran n’a pas montré la page", no_hub: "le serveur n’a pas été joint",
    interrupted: "le réseau l’a interrompue",
    signature: "la signature n’est pas la bonne", manifest: "sa description est celle d’une autre",
    kernel: "elle est faite pour un autre noyau : refaire la carte", older: "elle est plus ancienne que ce qui fonctionne",
  } as Record<string, string>,
  encoderReasons: {
    hardware: "Encodage matériel.",
    camera_h264: "La caméra encode elle-même.",
    no_hardware_encoder: "Encodage logiciel : la borne n’a pas d’encodeur matériel.",
    hardware_refused: "Encodage logiciel : l’encodeur matériel n’a pas pu démarrer.",
    hardware_failed: "Encodage logiciel : l’encodeur matériel a lâché pendant un appel. Redémarrer la borne.",
    far_end_vp8: "VP8 : le navigateur du dernier conseiller n’accepte pas H.264.",
  } as Record<string, string>,
  check: {
    ask: "Vérifier",
    asking: (booth: string) => `Vérifier caméra, micro et haut-parleur de ${booth}`,
    running: "Vérification en cours…",
    interrupted: (at: string) => `Interrompue par un usager, ${at}`,
    allRight: (at: string) => `Tout fonctionne, ${at}`,
    found: (what: string, at: string) => `${what}, ${at}`,
    refused: "La borne n’a pas pu être jointe.",
    results: {
      missing: "absent", broken: "en panne", no_picture: "ne donne pas d’image", dark: "image noire (pièce sombre ou cache fermé)",
      frozen: "image figée", silent: "muet", not_heard: "pas entendu par le micro", unchecked: "pas vérifié",
    } as Record<string, string>,
  },
  call: {
    halfDay: (day: string, afternoon: boolean) => `${day}, ${afternoon ? "après-midi" : "matin"}`,
    outcome: (when: string, what: string) => `${when} : ${what}`,
    good: "aucun problème",
    failed: {
      media: "l’appel n’a pas pu s’établir", device: "micro ou haut-parleur en panne", call_lost: "coupé, réseau perdu trop longtemps",
      adviser_lost: "la page du conseiller a disparu", too_long: "arrêté à la durée maximale", given_up: "raccroché avant d’être établi",
    } as Record<string, string>,
    causes: {
      sound: "son haché", picture: "image figée par moments", delay: "long délai entre les deux côtés", interrupted: "liaison interrompue",
      no_answer: "la page du conseiller n’a pas répondu", no_path: "rien ne passe par le réseau jusqu’au conseiller",
      no_keys: "chiffrement non établi", no_media: "ni son ni image", page_closed: "la page du conseiller a été fermée",
      camera_lost: "caméra perdue", microphone_lost: "micro perdu", speaker_lost: "haut-parleur perdu",
    } as Record<string, string>,
    now: (sound: string) => `En cours. ${sound}`,
    sound: (parts: string) => `Son : ${parts}`,
    madeUp: (percent: string) => `${percent} % reconstitué`,
    echo: {
      none: () => "aucun écho trouvé",
      good: (dB: number) => `écho réduit de ${dB} dB`,
      poor: (dB: number) => `écho mal réduit (${dB} dB) : vérifier le placement du haut-parleur`,
      not_converged: (dB: number) => `écho mal réduit (${dB} dB, annuleur non stabilisé) : vérifier le haut-parleur, son volume et son placement`,
    } as Record<string, (dB: number) => string>,
  },
  simulated: (all: string) => `Simulés : ${all}`,
  unknown: "Hors configuration",
};

const root = document.getElementById("root")!;
let view: View | undefined;
let offline = false;
/** The booth whose check the hub refused. */
let refused = "";
let retry = 200;

function connect(): void {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/hotline/socket`);
  socket.onmessage = (event: MessageEvent<string>) => {
    retry = 200;
    offline = false;
    view = JSON.parse(event.data) as View;
    show();
  };
  socket.onclose = () => {
    offline = true;
    show();
    setTimeout(connect, retry);
    retry = Math.min(2 * retry, 3000);
  };
}

const time = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The last check of a booth's devices, in words. */
function check(c: DeviceCheck): string {
  const at = c.at ? time.format(new Date(c.at)) : "";
  if (c.state === "running") return texts.check.running;
  if (c.state === "interrupted") return texts.check.interrupted(at);
  const wrong = (c.findings ?? []).filter((f) => f.result !== "ok");
  if (wrong.length === 0) return texts.check.allRight(at);
  return texts.check.found(wrong.map((f) => `${texts.devices[f.device] ?? f.device} : ${texts.check.results[f.result] ?? f.result}`).join(" ; "), at);
}

const dayAndMonth = new Intl.DateTimeFormat("fr-FR", { timeZone: "UTC", day: "2-digit", month: "2-digit" });
const percent = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 });

/** How the sound of a call fares, in words; what is to be seen to comes with the echo, and so last. */
function sound(s: Sound): string {
  const words = texts.call;
  const echo = s.echo ? (words.echo[s.echo]?.(s.echo_reduced_db ?? 0) ?? s.echo) : "";
  const madeUp = words.madeUp(percent.format(s.made_up_per_mille / 10));
  return words.sound((echoTrouble(s) ? [madeUp, echo] : [echo, madeUp]).filter(Boolean).join(", "));
}

const echoTrouble = (s: Sound): boolean => s.echo === "poor" || s.echo === "not_converged";

/** How the last call went, in words. */
function outcome(c: LastCall): string {
  const words = texts.call;
  const what = [
    ...(c.failed ? [words.failed[c.failed] ?? c.failed] : []),
    ...(c.causes ?? []).map((cause) => words.causes[cause] ?? cause),
  ];
  // "2026-11-24-am" is the booth's own day, whatever zone this page is in.
  const when = words.halfDay(dayAndMonth.format(new Date(`${c.half_day.slice(0, 10)}T00:00:00Z`)), c.half_day.endsWith("pm"));
  return words.outcome(when, what.join(", ") || words.good);
}

/** Has a booth check its devices; what it finds comes with its status. */
async function askForCheck(b: Booth): Promise<void> {
  refused = "";
  try {
    const answer = await fetch(`/hotline/booths/${encodeURIComponent(b.id)}/check-devices`, { method: "POST" });
    if (!answer.ok) refused = b.id;
  } catch {
    refused = b.id;
  }
  show();
}

function soundLine(key: string, s: Sound, words: string): Child {
  return h("span", { key, class: echoTrouble(s) ? "sound trouble" : "sound" }, words);
}

function row(b: Booth): Child {
  const notes = [
    ...(b.known ? [] : [texts.unknown]),
    ...(b.simulated?.length ? [texts.simulated(b.simulated.map((d) => texts.devices[d] ?? d).join(", "))] : []),
    ...(b.warnings ?? []).map((w) => texts.warnings[w] ?? w),
    ...(b.update ? [texts.update(b.update)] : []),
  ];
  return h("tr", { key: b.id },
    h("th", { scope: "row" }, b.name || b.id, h("small", null, b.id)),
    h("td", null, h("span", { class: `state ${b.state}` }, texts.state[b.state])),
    h("td", null, b.state === "up" ? (texts.phases[b.phase] ?? b.phase) : "–"),
    h("td", { class: "digits" }, b.seen_at ? time.format(new Date(b.seen_at)) : "–"),
    h("td", null, b.version || "–"),
    h("td", { title: texts.encoderReasons[b.encoder_reason] ?? b.encoder_reason }, b.encoder || "–"),
    h("td", null,
      b.last_call && h("span", { key: "outcome" }, outcome(b.last_call)),
      b.last_call?.sound && soundLine("sound", b.last_call.sound, sound(b.last_call.sound)),
      b.state === "up" && b.sound && soundLine("now", b.sound, texts.call.now(sound(b.sound))),
      !b.last_call && !(b.state === "up" && b.sound) && "–"),
    h("td", null,
      b.device_check && h("span", { key: "check", class: "check" }, check(b.device_check)), " ",
      refused === b.id && h("span", { key: "refused", role: "alert" }, texts.check.refused), " ",
      b.state === "up" && h("button", {
        key: "ask", type: "button", "aria-label": texts.check.asking(b.name || b.id),
        disabled: b.phase !== "none" || b.device_check?.state === "running", onclick: () => void askForCheck(b),
      }, texts.check.ask)),
    h("td", null, notes.join(" ; ") || "–"));
}

function show(): void {
  const booths = view?.booths ?? [];
  patch(root, [
    h("header", null, h("p", { class: "brand" }, "Visioborne"), h("h1", null, texts.title),
      h("p", { role: "status" }, view ? texts.count(booths.filter((b) => b.state === "up").length, booths.length) : "")),
    offline && h("p", { key: "offline", class: "banner", role: "alert" }, texts.offline),
    h("main", null,
      view && booths.length === 0 && h("p", { key: "none" }, texts.none),
      booths.length > 0 && h("table", { key: "table" },
        h("thead", null, h("tr", null, texts.columns.map((c) => h("th", { scope: "col" }, c)))),
        h("tbody", null, booths.map(row)))),
  ]);
}

show();
connect();
