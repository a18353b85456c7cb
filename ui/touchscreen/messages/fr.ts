import type { Device, Reason, Refusal } from "../../common/screen";

/** The texts of the touchscreen. Every language has the same ones. */
export interface Messages {
  /** The language's own name, on its button. */
  name: string;
  whom: string;
  status: { open: string; noAdviser: string; unknown: string; waiting: (n: number) => string; closed: string; opens: (when: string) => string };
  today: (time: string) => string;
  tomorrow: (time: string) => string;
  onDay: (day: string, time: string) => string;
  hour: (hour: number, minute: number) => string;
  partner: { promise: string[]; noAdviser: string; unknown: string };
  call: string;
  back: string;
  cancel: string;
  calling: { contacting: string; ringing: string; waiting: string; next: string; place: (n: number) => string; nobodyFree: string; waited: (minutes: number, seconds: number) => string; orPhone: string };
  talk: {
    adviser: string; you: string; connecting: string; interrupted: string; with: (adviser: string, partner: string) => string;
    microphoneOn: string; microphoneOff: string; cameraOn: string; cameraOff: string;
    softer: string; louder: string; volume: (percent: number) => string; hangUp: string;
    adviserMicrophoneOff: string; adviserCameraOff: string; ownCameraOff: string; lost: Record<Device, string>;
  };
  thanks: { title: string; citizen: string; adviser: string; home: string };
  failed: { reasons: Record<Reason, (partner: string) => string>; advice: string; phone: (partner: string) => string; code: string; retry: string; home: string };
  closed: { title: string; opens: (when: string) => string; phones: string };
  outOfService: { title: string; text: string; phone: string; phones: string };
  restarting: { title: string; text: string };
  coming: (day: string, nature: string) => string;
  enrolment: {
    title: string;
    settings: string;
    stick: string;
    mistakes: string;
    code: string;
    typed: string;
    erase: string;
    enter: string;
    hub: string;
    contacting: string;
    again: string;
    other: string;
    done: string;
    restarts: string;
    refusals: Record<Exclude<Refusal, "">, string>;
  };
  privacy: { on: string; off: string; half: string };
  simulated: (devices: Device[]) => string;
  watching: string;
  offline: { title: string; text: string };
}

const devices: Record<Device, string> = { camera: "caméra", microphone: "micro", speaker: "haut-parleur" };

export const fr: Messages = {
  name: "Français",
  whom: "À qui voulez-vous parler ?",
  status: {
    open: "Conseiller disponible",
    noAdviser: "Pas de conseiller pour le moment",
    unknown: "Appel vidéo indisponible",
    waiting: (n) => (n === 1 ? "1 personne attend" : `${n} personnes attendent`),
    closed: "Fermé",
    opens: (when) => `Fermé, ouvre ${when}`,
  },
  today: (time) => `aujourd’hui à ${time}`,
  tomorrow: (time) => `demain à ${time}`,
  onDay: (day, time) => `${day} à ${time}`,
  hour: (hour, minute) => (minute === 0 ? `${hour}\u00a0h` : `${hour}\u00a0h\u00a0${String(minute).padStart(2, "0")}`),
  partner: {
    promise: ["Vous verrez et entendrez un conseiller.", "La caméra et le micro ne sont allumés que pendant l’appel.", "Rien n’est enregistré."],
    noAdviser: "Il n’y a pas de conseiller pour le moment. Vous pouvez appeler et attendre.",
    unknown: "Le réseau ne répond pas. Vous pouvez essayer, ou téléphoner.",
  },
  call: "Appeler",
  back: "Retour",
  cancel: "Annuler",
  calling: {
    contacting: "Nous appelons",
    ringing: "Ça sonne chez un conseiller",
    waiting: "Vous êtes dans la file d’attente",
    next: "Vous êtes le prochain",
    place: (n) => `Vous êtes numéro ${n} dans la file`,
    nobodyFree: "Aucun conseiller n’est libre pour le moment. Vous pouvez attendre ou partir.",
    waited: (minutes, seconds) => (minutes === 0 ? `Attente\u00a0: ${seconds}\u00a0s` : `Attente\u00a0: ${minutes}\u00a0min ${String(seconds).padStart(2, "0")}`),
    orPhone: "Ou par téléphone :",
  },
  talk: {
    adviser: "Conseiller",
    you: "Vous",
    connecting: "Un conseiller a répondu. L’image et le son arrivent.",
    interrupted: "La ligne est coupée. Nous essayons de rétablir l’appel.",
    with: (adviser, partner) => `${adviser}, ${partner}`,
    microphoneOn: "Micro allumé",
    microphoneOff: "Micro coupé",
    cameraOn: "Caméra allumée",
    cameraOff: "Caméra coupée",
    softer: "Moins fort",
    louder: "Plus fort",
    volume: (percent) => `Son\u00a0: ${percent}\u00a0%`,
    hangUp: "Raccrocher",
    adviserMicrophoneOff: "Le conseiller a coupé son micro",
    adviserCameraOff: "Le conseiller a coupé sa caméra",
    ownCameraOff: "Votre caméra est coupée",
    lost: {
      camera: "La caméra ne répond plus. Le conseiller vous entend mais ne vous voit pas.",
      microphone: "Le micro ne répond plus. Le conseiller ne vous entend pas.",
      speaker: "Le haut-parleur ne répond plus.",
    },
  },
  thanks: { title: "Merci de votre visite", citizen: "L’appel est terminé.", adviser: "Le conseiller a terminé l’appel.", home: "Retour à l’accueil" },
  failed: {
    reasons: {
      partner_closed: (p) => `${p} : les conseillers ne sont pas là, c’est fermé.`,
      hub_unreachable: () => "Nous ne pouvons pas joindre les conseillers : le réseau ne répond pas.",
      refused: (p) => `${p} ne peut pas prendre cet appel vidéo.`,
      no_answer: (p) => `${p} : aucun conseiller n’a répondu.`,
      media: () => "Un conseiller a répondu, mais l’image et le son ne passent pas.",
      device: () => "Le micro ou le haut-parleur de la borne ne fonctionne pas.",
      call_lost: () => "La ligne a été coupée trop longtemps.",
      adviser_lost: () => "Le conseiller a été déconnecté.",
      too_long: () => "L’appel a atteint sa durée maximale.",
    },
    advice: "Vous pouvez téléphoner.",
    phone: (p) => `Téléphone ${p}`,
    code: "Code incident",
    retry: "Réessayer",
    home: "Retour à l’accueil",
  },
  closed: { title: "L’espace est fermé", opens: (when) => `Il ouvre ${when}.`, phones: "Par téléphone" },
  outOfService: {
    title: "La borne est en panne",
    text: "Demandez de l’aide à l’accueil. Vous pouvez aussi téléphoner.",
    phone: "Aide",
    phones: "Par téléphone",
  },
  restarting: { title: "La borne redémarre", text: "Elle se met à jour et revient dans quelques minutes." },
  coming: (day, nature) => `Mise à jour prévue le ${day} : ${nature}`,
  enrolment: {
    title: "Cette borne n’est pas encore en service",
    settings: "Mettez le fichier visioborne.yaml sur la partition VISIOBORNE de la carte, ou sur une clé USB.",
    stick: "La clé USB est lue dès qu’elle est branchée.",
    mistakes: "Le fichier de réglages contient des erreurs :",
    code: "Tapez le code d’inscription",
    typed: "Code tapé",
    erase: "Effacer",
    enter: "Valider",
    hub: "Serveur",
    contacting: "Inscription de la borne…",
    again: "Nouvel essai dans quelques secondes.",
    other: "Taper un autre code",
    done: "La borne est inscrite",
    restarts: "Elle redémarre avec les réglages de son site.",
    refusals: {
      unknown_code: "Ce code n’existe pas. Vérifiez-le, ou demandez-en un nouveau.",
      used_code: "Ce code a déjà servi. Demandez-en un nouveau.",
      expired_code: "Ce code n’est plus valable. Demandez-en un nouveau.",
      too_many_attempts: "Trop d’essais. Attendez une minute.",
      hub_unreachable: "Le serveur ne répond pas. Vérifiez le câble et le réseau.",
      certificate: "Le certificat du serveur n’est pas reconnu. Il manque peut-être l’autorité de l’administration (network.ca).",
      clock: "L’heure de la borne est fausse : elle attend l’heure du réseau (NTP).",
      answer: "La réponse ne vient pas d’un serveur Visioborne. Vérifiez son adresse.",
    },
  },
  privacy: { on: "Caméra et micro allumés", off: "Caméra et micro éteints", half: "En appel" },
  simulated: (all) => `Démonstration : ${all.map((d) => devices[d]).join(", ")} ${all.length > 1 ? "simulés" : "simulé"}`,
  watching: "Écran d’observation",
  offline: { title: "Un instant, s’il vous plaît", text: "Connexion à la borne…" },
};
