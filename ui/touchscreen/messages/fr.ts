import type { CheckName, Device, Phrase, Reason, Refusal, Verdict } from "../../common/screen";

/** The texts of the touchscreen. Every language has the same ones. */
export interface Messages {
  /** The language's own name, on its button. */
  name: string;
  /** Of the layer in which a language is chosen. */
  languages: { title: string };
  /** Nobody is there: what the booth is for, in a sentence, and how to begin. */
  attract: { purpose: string; touch: string };
  whom: string;
  greeting: string;
  stillThere: { title: string; text: (seconds: number) => string; yes: string; no: string };
  status: { open: string; noAdviser: string; unknown: string; waiting: (n: number) => string; closed: string; opens: (when: string) => string };
  today: (time: string) => string;
  tomorrow: (time: string) => string;
  onDay: (day: string, time: string) => string;
  hour: (hour: number, minute: number) => string;
  partner: { promise: string[]; noAdviser: string; unknown: string };
  call: string;
  back: string;
  cancel: string;
  calling: { byAgent: string; contacting: string; ringing: string; waiting: string; next: string; place: (n: number) => string; nobodyFree: string; waited: (minutes: number, seconds: number) => string; orPhone: string; passedOn: (by: string, to: string) => string; returned: (missed: string, to: string) => string };
  written: { title: string; phrases: Record<Phrase, string>; write: string; earlier: string; later: string };
  keyboard: { title: string; shift: string; erase: string; space: string; digits: string; end: string; close: string };
  callBack: { title: (adviser: string, partner: string) => string; text: string; accept: string; refuse: string };
  talk: {
    adviser: string; you: string; connecting: string; interrupted: string; with: (adviser: string, partner: string) => string;
    microphoneOn: string; microphoneOff: string; cameraOn: string; cameraOff: string;
    softer: string; louder: string; volume: (percent: number) => string; hangUp: string; adviserSpeaks: string; youSpeak: string;
    adviserMicrophoneOff: string; adviserCameraOff: string; ownCameraOff: string; photo: { title: string; text: string; taking: string }; company: { title: string; text: string; there: string }; paper: string; paperPage: (page: number, pages: number) => string; lost: Record<Device, string>;
  };
  thanks: { title: string; citizen: string; adviser: string; home: string };
  /** The two questions after a call. */
  opinion: { helped: string; yes: string; partly: string; no: string; quality: string; good: string; poor: string; anonymous: string; thanks: string };
  failed: { reasons: Record<Reason, (partner: string) => string>; advice: string; phone: (partner: string) => string; code: string; retry: string; home: string };
  closed: { title: string; opens: (when: string) => string; phones: string };
  outOfService: { title: string; stopped: string; text: string; phone: string; phones: string };
  restarting: { title: string; text: string };
  checking: { title: string; text: string; touch: string };
  occupied: string;
  maintenance: string;
  training: { begin: string; notice: string; leave: string };
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
  technician: {
    title: string; pin: string; typed: (digits: number) => string; wrong: string; locked: string; version: (version: string) => string;
    again: string; leave: string; running: string;
    verdicts: Record<Exclude<Verdict, "">, [title: string, text: string]>;
    names: Record<CheckName, string>;
    states: Record<string, string>;
    codes: Record<string, string>;
    kbps: (n: number) => string;
  };
  /** The button that moves all controls into the panel's lower part, or back. */
  zone: { lower: string; higher: string };
  privacy: { on: string; off: string; half: string };
  simulated: (devices: (Device | "presence")[]) => string;
  watching: string;
  offline: { title: string; text: string };
}

/** One of five words for a volume of 10 to 100, and which of its ten steps that is. */
export function volumeWord(percent: number, words: [string, string, string, string, string], comma = ", "): string {
  const step = Math.round(percent / 10);
  return `${words[Math.min(Math.max(Math.ceil(step / 2) - 1, 0), 4)]!}${comma}${step}/10`;
}

const devices: Record<Device | "presence", string> = { camera: "caméra", microphone: "micro", speaker: "haut-parleur", presence: "détecteur de présence" };

export const fr: Messages = {
  name: "Français",
  languages: { title: "Choisissez votre langue" },
  attract: { purpose: "Ici, vous parlez en vidéo avec un conseiller des services publics. C’est gratuit.", touch: "Touchez l’écran" },
  whom: "À qui voulez-vous parler ?",
  greeting: "Bonjour ! À qui voulez-vous parler ?",
  stillThere: {
    title: "Êtes-vous toujours là ?",
    text: (seconds) => `Sans réponse, tout s’efface dans ${seconds}\u00a0s.`,
    yes: "Oui, je suis là",
    no: "Non, j’ai terminé",
  },
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
    byAgent: "L’agent d’accueil appelle pour vous",
    contacting: "Nous appelons",
    ringing: "Ça sonne chez un conseiller",
    waiting: "Vous êtes dans la file d’attente",
    next: "Vous êtes le prochain",
    place: (n) => `Vous êtes numéro ${n} dans la file`,
    nobodyFree: "Aucun conseiller n’est libre pour le moment. Vous pouvez attendre ou partir.",
    waited: (minutes, seconds) => (minutes === 0 ? `Attente\u00a0: ${seconds}\u00a0s` : `Attente\u00a0: ${minutes}\u00a0min ${String(seconds).padStart(2, "0")}`),
    orPhone: "Ou par téléphone :",
    passedOn: (by, to) => `${by} vous passe à ${to}.`,
    returned: (missed, to) => `${missed} n’a personne pour le moment. Vous revenez à ${to}.`,
  },
  written: {
    title: "Messages écrits",
    phrases: { yes: "Oui", no: "Non", repeat: "Pouvez-vous répéter ?", slower: "Plus lentement, s’il vous plaît", wait: "Un instant", thanks: "Merci" },
    write: "Écrire",
    earlier: "Relire plus haut",
    later: "Relire plus bas",
  },
  keyboard: { title: "Clavier", shift: "Majuscule", erase: "Effacer", space: "Espace", digits: "1 2 ?", end: "À la ligne", close: "Fermer" },
  callBack: {
    title: (adviser, partner) => `${adviser}, ${partner}, vous rappelle`,
    text: "La caméra et le micro sont éteints. Ils ne s’allument que si vous acceptez.",
    accept: "Accepter",
    refuse: "Refuser",
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
    volume: (percent) => `Son\u00a0: ${volumeWord(percent, ["très bas", "bas", "moyen", "fort", "très fort"])}`,
    adviserSpeaks: "Le conseiller parle",
    youSpeak: "Vous parlez",
    hangUp: "Raccrocher",
    adviserMicrophoneOff: "Le conseiller a coupé son micro",
    adviserCameraOff: "Le conseiller a coupé sa caméra",
    ownCameraOff: "Votre caméra est coupée",
    company: {
      title: "L’agent d’accueil propose de vous aider",
      text: "Si vous acceptez, il vient près de vous, et entend ce qui se dit. Le conseiller le saura.",
      there: "L’agent d’accueil est avec vous",
    },
    photo: {
      title: "Le conseiller demande une photo de votre document",
      text: "Tenez-le devant la caméra, puis touchez Accepter. Le conseiller reçoit la photo et peut la garder. La borne n’en garde rien.",
      taking: "Photo en cours. Ne bougez pas.",
    },
    paper: "Document montré par le conseiller",
    paperPage: (page, pages) => `Document montré par le conseiller, page ${page} sur ${pages}`,
    lost: {
      camera: "La caméra ne répond plus. Le conseiller vous entend mais ne vous voit pas.",
      microphone: "Le micro ne répond plus. Le conseiller ne vous entend pas.",
      speaker: "Le haut-parleur ne répond plus.",
    },
  },
  thanks: { title: "Merci de votre visite", citizen: "L’appel est terminé.", adviser: "Le conseiller a terminé l’appel.", home: "Retour à l’accueil" },
  opinion: {
    helped: "Avez-vous été aidé ?", yes: "Oui", partly: "En partie", no: "Non",
    quality: "Le son et l’image étaient-ils bons ?", good: "Bons", poor: "Mauvais",
    anonymous: "Vous pouvez répondre ou partir. Personne ne sait qui a répondu.", thanks: "Merci de votre réponse.",
  },
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
    stopped: "La borne est hors service",
    text: "Demandez de l’aide à l’accueil. Vous pouvez aussi téléphoner.",
    phone: "Aide",
    phones: "Par téléphone",
  },
  checking: {
    title: "La borne vérifie son matériel",
    text: "Caméra et micro sont allumés quelques secondes. Rien n’est vu, écouté ni enregistré par personne.",
    touch: "Touchez l’écran pour l’arrêter.",
  },
  restarting: { title: "La borne redémarre", text: "Elle revient dans quelques minutes." },
  occupied: "Quelqu’un utilise la borne",
  training: { begin: "S’exercer", notice: "Exercice : le conseiller est simulé, rien n’est compté", leave: "Finir l’exercice" },
  maintenance: "Maintenance ouverte : retirez-la de la carte quand vous avez fini",
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
  technician: {
    title: "Réseau de la borne",
    pin: "Tapez le code du technicien",
    typed: (n) => `${n} ${n > 1 ? "chiffres tapés" : "chiffre tapé"}`,
    wrong: "Ce code n’est pas le bon.",
    locked: "Trop d’essais. Attendez cinq minutes.",
    version: (v) => `Version ${v}`,
    again: "Recommencer",
    leave: "Quitter",
    running: "Vérification en cours…",
    verdicts: {
      go: ["La borne peut être mise en service", "Le réseau porte des appels vidéo de bonne qualité."],
      poor: ["La borne peut servir, avec des réserves", "Les appels passeront, peut-être avec une image réduite. Voyez les lignes marquées."],
      enrol: ["Le serveur répond : la borne peut être inscrite", "Les relais et les débits se vérifient après l’inscription."],
      nogo: ["La borne ne peut pas être mise en service", "Les appels vidéo ne passeront pas. Corrigez les lignes en rouge."],
    },
    names: {
      link: "Liaison", address: "Adresse", gateway: "Passerelle", dns: "Serveurs de noms", hub_name: "Nom du serveur", clock: "Heure", hub: "Serveur",
      turn_udp: "Relais TURN, UDP", turn_tcp: "Relais TURN, TCP", turn_tls: "Relais TURN, TLS", down: "Débit descendant", up: "Débit montant",
    },
    states: { ok: "Bon", warn: "À voir", fail: "Mauvais", running: "En cours", skipped: "Non vu" },
    codes: {
      cancelled: "Arrêté", no_interface: "Aucune carte réseau", no_carrier: "Câble débranché, ou rien à l’autre bout", half_duplex: "Semi-duplex : voyez le réglage du commutateur",
      slow_link: "Moins de 100 Mbit/s : voyez le câble", wireless: "Sans fil : préférez un câble", no_address: "Pas d’adresse",
      address_not_got: "Le réseau n’a donné aucune adresse (DHCP)", no_gateway: "Pas de passerelle", no_dns: "Pas de serveur de noms",
      literal_address: "Le serveur est donné par son adresse", clock_off: "L’heure est fausse", clock_unsynchronised: "Personne ne met l’heure à jour (NTP)",
      name_unknown: "Ce nom n’existe pas", dns_silent: "Ne répondent pas", refused: "Refusé : rien n’écoute à cette adresse", no_route: "Pas de chemin jusque-là",
      timeout: "Pas de réponse : pare-feu ?", cut: "Coupé en cours de route", not_tls: "Ce qui répond ne parle pas TLS",
      cert_not_yet_valid: "Certificat pas encore valable : voyez l’heure", cert_expired: "Certificat périmé", cert_unknown_authority: "Certificat d’une autorité inconnue",
      cert_wrong_name: "Certificat d’un autre nom", cert_invalid: "Certificat non valable", proxy_unreachable: "Le proxy ne répond pas", proxy_auth: "Le proxy demande un mot de passe",
      proxy_refused: "Le proxy refuse", not_the_hub: "Ce qui répond n’est pas le serveur (page de connexion ?)", hub_ill: "Le serveur répond qu’il est en panne", hub_status: "Réponse inattendue",
      other: "Erreur : voyez le journal", not_offered: "Le serveur n’en propose pas", no_test: "La borne n’est pas reliée au serveur", turn_refused: "Le relais refuse",
      no_echo: "Le relais s’ouvre, mais rien ne passe", no_hub: "Serveur hors d’atteinte", too_slow: "Trop lent pour un appel", slow: "Image réduite",
      speed_busy: "Serveur occupé, recommencez", speed_refused: "Le serveur refuse la mesure",
    },
    kbps: (n) => (n >= 1000 ? `${(n / 1000).toLocaleString("fr-FR", { maximumFractionDigits: 1 })}\u00a0Mbit/s` : `${n}\u00a0kbit/s`),
  },
  zone: { lower: "Plus bas", higher: "Plus haut" },
  privacy: { on: "Caméra et micro allumés", off: "Caméra et micro éteints", half: "En appel" },
  simulated: (all) => `Démonstration : ${all.map((d) => devices[d]).join(", ")} ${all.length > 1 ? "simulés" : "simulé"}`,
  watching: "Écran d’observation",
  offline: { title: "Un instant, s’il vous plaît", text: "Connexion à la borne…" },
};
