import type { Configuration, Action, Update } from "./view";

/** The hotline's m. It works in French. */
export const m = {
  title: "Bornes",
  count: (up: number, all: number) => `${up} sur ${all} en ligne`,
  offline: "Le serveur ne répond pas ; nouvel essai en cours.",
  none: "Aucune borne n’est configurée.",
  columns: ["Borne", "État", "Activité", "Dernier signe", "Version", "Température", "Liaison", "Dernier appel", "À signaler"],
  state: { up: "En ligne", unwell: "À voir", silent: "Silencieuse", never: "Jamais vue" },
  outOfService: "Hors service",
  help: {
    title: "Aide demandée", now: "à l’instant", since: (minutes: number) => `depuis ${minutes} min`, see: "Vu, je m’en occupe",
    silent: "Cliquez dans la page pour que les demandes d’aide sonnent.",
  },
  find: {
    title: "Rechercher et filtrer", search: "Rechercher une borne", state: "État", trouble: "Signalement", anyState: "Toutes", anyTrouble: "Tous",
    states: { unwell: "À voir", up: "En ligne", silent: "Silencieuses", never: "Jamais vues", out: "Hors service" } as Record<string, string>,
    shown: (n: number) => (n === 0 ? "Aucune borne ne correspond." : n === 1 ? "1 borne affichée" : `${n} bornes affichées`),
  },
  map: {
    title: "Carte",
    label: (n: number, unwell: number) => `Carte de ${n} bornes, dont ${unwell} à voir ou silencieuses. La liste dit la même chose.`,
  },
  phases: {
    none: "Libre", browsing: "Un usager choisit", choosing: "Un usager choisit", contacting: "Appelle", waiting: "Attend un conseiller", called_back: "Est rappelée",
    connecting: "Établit l’appel", in_call: "En appel", ended: "Fin d’appel", failed: "Appel en échec",
  } as Record<string, string>,
  devices: { camera: "caméra", microphone: "micro", speaker: "haut-parleur", presence: "détecteur de présence" } as Record<string, string>,
  warnings: {
    camera_missing: "La caméra n’est pas branchée",
    microphone_missing: "Le microphone n’est pas branché",
    speaker_missing: "Le haut-parleur n’est pas branché",
    presence_motion_missing: "Le détecteur de mouvement ne répond pas",
    presence_motion_stuck: "Le détecteur de mouvement est bloqué : il n’est plus écouté",
    presence_motion_noisy: "Le détecteur de mouvement s’affole : il n’est plus écouté",
    presence_distance_missing: "Le capteur de distance ne répond pas",
    presence_distance_stuck: "Le capteur de distance est bloqué, ou quelque chose est devant : il n’est plus écouté",
    presence_distance_noisy: "Le capteur de distance s’affole : il n’est plus écouté",
    screen_dark: "L’écran de la borne ne montre pas la page",
    training: "Quelqu’un s’exerce avec le conseiller simulé",
    voice_missing: "La voix du mode vocal n’est pas installée",
    maintenance_open: "La maintenance est ouverte au réseau de la salle",
    hot: "Le processeur est trop chaud",
    under_voltage: "L’alimentation est trop faible",
    disk_full: "Le disque est presque plein",
    silent: "Ne donne plus signe de vie",
    clock_wrong: "L’horloge n’est pas à l’heure",
    update_failed: "Une mise à jour n’a pas tenu",
    configuration_refused: "La borne refuse sa nouvelle configuration",
    test_call_failed: "L’appel d’essai a échoué",
  } as Record<string, string>,
  /** The link to the page on which it is changed. */
  configure: "Voir ou modifier",
  configuration: (c: Configuration, on: (at: string) => string): string => {
    const b = c.booth;
    const wanted = c.version > 0 ? `version ${c.version} en vigueur` : "site inconnu du serveur";
    const has = !b ? "la borne n’en a rien dit"
      : b.refused ? `la borne refuse la version ${b.refused} : ${b.reason ?? ""}`
      : b.waiting ? `la version ${b.waiting} attend la fin de l’utilisation`
      : b.version === c.version ? "la borne l’applique"
      : `la borne en est à ${b.version > 0 ? `la version ${b.version}` : "celle de l’enrôlement"}`;
    const coming = c.coming !== null && c.coming_from ? ` ; version ${c.coming} annoncée pour le ${on(c.coming_from)}` : "";
    return `${wanted} ; ${has}${coming}`;
  },
  update: (u: Update): string => {
    const reason = u.reason ? (m.updateReasons[u.reason] ?? u.reason) : "";
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
    running: "Vérification en cours…",
    interrupted: (at: string) => `Interrompue par un usager, ${at}`,
    allRight: (at: string) => `Tout fonctionne, ${at}`,
    found: (what: string, at: string) => `${what}, ${at}`,
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
  dash: "–",
  back: "Toutes les bornes",
  gone: "Cette borne n’est plus dans la liste.",
  sections: { now: "État", machine: "Machine", devices: "Matériel", calls: "Appels", actions: "Actions", history: "Historique sur trente jours", log: "Journal de la borne" },
  fields: {
    state: "État", seen: "Dernier signe", phase: "Activité", version: "Version", ring: "Vague de mise à jour", update: "Mise à jour", configuration: "Configuration", troubles: "À signaler",
    temperature: "Température", power: "Alimentation", disk: "Disque libre", clock: "Horloge", trip: "Liaison avec le serveur", screen: "Écran",
    camera: "Caméra", microphone: "Micro", speaker: "Haut-parleur", sensors: "Détecteurs de présence", check: "Dernier autotest", encoder: "Encodeur vidéo",
    lastCall: "Dernier appel", testCall: "Dernier appel d’essai", stop: "Hors service", pending: "En attente",
  },
  rings: { test: "Essais", tenth: "Un dixième", all: "Toutes" } as Record<string, string>,
  power: { good: "bonne", low: "trop faible", was_low: "a été trop faible depuis le démarrage" } as Record<string, string>,
  screen: { shown: "montre la page", off: "éteint, salle fermée", lost: "ne montre pas la page" } as Record<string, string>,
  sensors: { motion: "Détecteur de mouvement", distance: "Capteur de distance" } as Record<string, string>,
  noSensors: "aucun",
  device: { ok: "en place", missing: "absent", simulated: "simulé" },
  unknownValue: "non communiqué",
  celsius: (n: number) => `${n} °C`,
  disk: (free: number, all: number | undefined) => {
    const gigabytes = (megabytes: number) => (megabytes / 1000).toLocaleString("fr-FR", { maximumFractionDigits: 1 });
    return all ? `${gigabytes(free)} Go sur ${gigabytes(all)}` : `${gigabytes(free)} Go`;
  },
  milliseconds: (n: number) => `${n} ms`,
  clock: (offset: number) => (offset === 0 ? "à l’heure" : offset > 0 ? `en avance de ${offset} s` : `en retard de ${-offset} s`),
  pending: {
    service: "Le redémarrage du service attend que plus personne ne soit là.",
    machine: "Le redémarrage de la machine attend que plus personne ne soit là.",
  },
  stopped: (since: string, by: string, message: string) => `Depuis le ${since}, par ${by}. ${message ? `Message à l’écran : « ${message} »` : "Sans message à l’écran."}`,
  testCall: {
    running: "Appel d’essai en cours…", interrupted: (at: string) => `Interrompu par un usager, ${at}`,
    verdicts: { go: "Les appels passent bien", poor: "Les appels passent, avec des réserves", nogo: "Les appels ne passent pas" } as Record<string, string>,
    at: (verdict: string, at: string) => `${verdict}, ${at}`,
  },
  actions: {
    selftest: {
      button: "Autotest", title: (b: string) => `Vérifier le matériel de ${b} ?`, confirm: "Lancer l’autotest",
      text: "Caméra, micro et haut-parleur sont essayés pendant une dizaine de secondes, et un son bref est joué dans la salle. Rien ne se passe si un usager est là.",
    },
    "test-call": {
      button: "Appel d’essai", title: (b: string) => `Faire un appel d’essai depuis ${b} ?`, confirm: "Lancer l’appel d’essai",
      text: "La borne essaie le chemin d’un appel : serveur, relais, débit. Aucun conseiller ne sonne, caméra et micro restent éteints, rien n’est compté. Rien ne se passe si un usager est là.",
    },
    restart: {
      button: "Redémarrer le service", title: (b: string) => `Redémarrer le service de ${b} ?`, confirm: "Redémarrer le service",
      text: "La borne est absente quelques secondes. Si un usager est là, elle attend qu’il ait terminé.",
    },
    reboot: {
      button: "Redémarrer la machine", title: (b: string) => `Redémarrer la machine de ${b} ?`, confirm: "Redémarrer la machine",
      text: "La borne est absente une minute environ. Si un usager est là, elle attend qu’il ait terminé.",
    },
    "out-of-service": {
      button: "Mettre hors service", title: (b: string) => `Mettre ${b} hors service ?`, confirm: "Mettre hors service",
      text: "L’écran dit que la borne est hors service et donne les numéros de téléphone. Un appel en cours va à son terme. La borne le reste jusqu’à sa remise en service, même après un redémarrage.",
    },
    "in-service": {
      button: "Remettre en service", title: (b: string) => `Remettre ${b} en service ?`, confirm: "Remettre en service",
      text: "L’écran montre à nouveau les partenaires.",
    },
    logs: {
      button: "Relever le journal", title: (b: string) => `Relever le journal de ${b} ?`, confirm: "Relever le journal",
      text: "La borne envoie les dernières lignes de son journal. Rien n’y parle d’un usager. Le serveur les garde une semaine.",
    },
    "help-seen": {
      button: "Vu, je m’en occupe", title: (b: string) => `Une aide est demandée à ${b}`, confirm: "Vu, je m’en occupe",
      text: "L’écran de la borne dit que l’assistance a vu la demande.",
    },
  } as Record<Action, { button: string; title: (booth: string) => string; confirm: string; text: string }>,
  recorded: "L’action est inscrite au registre.",
  message: "Message à l’écran (facultatif)",
  cancel: "Annuler",
  asked: { ok: "La borne a été prévenue.", lasting: "C’est noté. Une borne silencieuse l’apprendra à son retour." },
  refused: {
    400: "Le message ne convient pas : une ligne, 300 octets au plus.", 404: "Cette borne n’a jamais été vue.", 409: "La borne est silencieuse.",
  } as Record<number, string>,
  failed: "Le serveur n’a pas répondu. Réessayez dans un instant.",
  history: { columns: ["Date", "État", "Version", "Température", "Disque libre", "Horloge", "Liaison", "À signaler"], none: "Rien n’est encore noté.", loading: "Lecture…" },
  log: {
    none: "Aucun journal n’a été relevé cette semaine.", waiting: (at: string) => `Demandé le ${at} ; les lignes arrivent…`,
    done: (n: number, at: string, by: string) => `${n} lignes, relevées le ${at} par ${by}`, label: "Lignes du journal", save: "Enregistrer",
  },
};

/** A trouble or a warning in words; "camera_frozen" is made of a device and a check's result. */
export function words(code: string): string {
  const known = m.warnings[code];
  if (known) return known;
  const [, device = "", result = ""] = code.match(/^([a-z]+)_(.+)$/) ?? [];
  const d = m.devices[device], r = m.check.results[result];
  return d && r ? `${d.charAt(0).toUpperCase()}${d.slice(1)} : ${r}` : code;
}
