/** The desk's texts. Advisers work in French. */
export const m = {
  title: "Visioborne, poste conseiller",
  signOut: "Se déconnecter",
  available: "Disponible",
  availableHint: "Les appels sonnent sur ce poste.",
  awayHint: "Aucun appel ne sonne sur ce poste.",
  pause: {
    group: "Ne pas prendre d’appel", break: "Pause", meeting: "Réunion", lunch: "Déjeuner", other: "Autre tâche",
    hint: (why: string) => `Aucun appel ne sonne sur ce poste : ${why.toLowerCase()}.`,
  },
  absent: "Un appel a sonné sans réponse : vous n’êtes plus disponible. L’appel est reparti dans la file.",
  need: (need: string) => `Besoin : ${need}`,
  line: "File d’attente",
  nobodyWaits: "Personne n’attend.",
  /** What the citizen speaks, or reads: "arabe". */
  language: (code: string) => (code === "fr-simple" ? "français facile" : new Intl.DisplayNames(["fr"], { type: "language" }).of(code) ?? code),
  waiting: (n: number) => (n === 1 ? "1 personne attend." : `${n} personnes attendent.`),
  more: (n: number) => (n === 1 ? "… et 1 personne de plus." : `… et ${n} personnes de plus.`),
  longest: (text: string) => `La plus longue attente : ${text}.`,
  since: (text: string) => `attend depuis ${text}`,
  duration: (seconds: number) =>
    seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")}`,
  ring: { title: "Appel entrant", text: (site: string) => site, waited: (text: string) => `attend depuis ${text}`, answer: "Répondre", decline: "Refuser" },
  talk: {
    citizen: "Usager", you: "Vous", hangUp: "Raccrocher",
    microphoneOn: "Micro allumé", microphoneOff: "Micro coupé", cameraOn: "Caméra allumée", cameraOff: "Caméra coupée",
    connecting: "Connexion de l’image et du son…", interrupted: "La ligne est coupée. L’appel va reprendre tout seul si elle revient.",
    citizenMicrophoneOff: "L’usager a coupé son micro", citizenCameraOff: "L’usager a coupé sa caméra",
    company: "L’agent d’accueil du site est à côté de l’usager, avec son accord",
    citizenAway: "L’usager n’est plus devant la borne",
    speaks: { citizen: "L’usager parle", you: "Vous parlez" },
  },
  alerts: {
    ask: "Activer les alertes",
    why: "Avec les alertes, un appel se voit aussi quand une autre fenêtre est devant.",
  },
  test: {
    open: "Tester mon matériel", title: "Test du matériel", devices: "Matériel",
    first: "Avant le premier appel, vérifiez votre caméra, votre micro et votre haut-parleur sur cet ordinateur.",
    kinds: { camera: "Caméra", microphone: "Micro", speaker: "Haut-parleur" },
    usual: "Choix du navigateur", unnamed: (kind: string, n: number) => `${kind} ${n}`,
    see: "Vous devez vous voir. L’image n’est envoyée à personne.",
    speak: "Parlez : la barre doit bouger.", level: "Niveau du micro", heard: "Le micro vous entend.", notHeard: "Le micro n’a encore rien entendu.",
    listen: "Deux notes doivent s’entendre.", play: "Jouer un son",
    passed: "Tout fonctionne", close: "Fermer",
  },
  transfer: {
    button: "Transférer", title: "Transférer l’appel à un autre partenaire", none: "Il n’y a pas d’autre partenaire à cette borne.",
    to: (partner: string) => `Transférer à ${partner}`,
    there: (free: number, waiting: number) =>
      `${free === 0 ? "Tous les conseillers sont occupés" : free === 1 ? "1 conseiller libre" : `${free} conseillers libres`}${waiting === 0 ? "" : waiting === 1 ? ", 1 personne attend" : `, ${waiting} personnes attendent`}.`,
    nobody: (phone: string) => `Personne n’est là. Téléphone : ${phone}`,
    closed: (phone: string) => `Fermé. Téléphone : ${phone}`,
    from: (partner: string) => `transféré par ${partner}`,
    returned: (partner: string) => `revient : personne chez ${partner}`,
  },
  photo: {
    title: "Photo d’un document de l’usager", ask: "Demander une photo",
    states: {
      "": "L’usager doit accepter sur l’écran de la borne.", asked: "Demande envoyée ; l’usager doit accepter.", coming: "La photo arrive…",
      refused: "L’usager a refusé.", failed: "La photo n’a pas pu être prise ou envoyée.", there: "Elle n’est conservée que si vous l’enregistrez.",
    },
    picture: "Photo du document", save: "Enregistrer", forget: "Effacer",
  },
  papers: {
    button: "Document", title: "Montrer un document à l’usager", choose: "Choisir un PDF ou une image",
    note: "L’usager voit le document à l’écran de la borne. Rien n’y reste après l’appel.",
    shown: (name: string) => `L’usager voit : ${name}`, page: (page: number, pages: number) => `Page ${page} sur ${pages}`,
    before: "Page précédente", next: "Page suivante", hide: "Ne plus montrer", sending: "Envoi…",
    large: "Ce fichier est trop gros.", unreadable: "Ce fichier n’est ni une image ni un PDF que le navigateur sait lire.",
    failed: "La page n’a pas pu être envoyée.",
  },
  written: {
    button: "Écrire", title: "Messages", label: "Message à l’usager", send: "Envoyer", you: "Vous", citizen: "Usager",
    live: "Message à l’usager, qui le lit pendant que vous écrivez", end: "Terminer",
    none: "Ce que vous écrivez s’affiche à la borne lettre par lettre. Rien n’est conservé après l’appel.",
    failed: "Le message n’est pas parti : il est trop long, ou la ligne est coupée.",
    phrases: { yes: "Oui", no: "Non", repeat: "Pouvez-vous répéter ?", slower: "Plus lentement, s’il vous plaît", wait: "Un instant", thanks: "Merci" },
  },
  callBack: {
    title: "Appels coupés", button: "Rappeler", since: (text: string) => `coupé depuis ${text}`,
    calling: (site: string) => `Vous rappelez : ${site}`, asks: "L’usager doit accepter sur l’écran de la borne.", giveUp: "Ne plus rappeler",
  },
  devices: {
    NotAllowedError: "Le navigateur n’a pas le droit d’utiliser la caméra ou le micro. Cliquez sur l’icône de caméra près de l’adresse, choisissez « Autoriser », puis rechargez la page.",
    NotFoundError: "Aucun micro ou aucune caméra n’est branché sur ce poste.",
    NotReadableError: "La caméra ou le micro est déjà utilisé par un autre programme. Fermez-le, puis réessayez.",
    other: "La caméra ou le micro ne s’ouvre pas.",
    without: "L’appel continue sans votre caméra.",
    mute: "L’appel continue sans votre micro ni votre caméra : l’usager ne vous entend pas.",
  },
  offline: "Le serveur ne répond pas ; nouvel essai en cours. Un appel en cours n’est pas coupé.",
  replaced: "Ce poste est ouvert dans un autre onglet ou sur un autre ordinateur.",
  here: "Continuer ici",
  quiet: "Les appels des bornes apparaissent ici dès que vous êtes disponible.",
};

/** What to tell an adviser whose devices did not open. */
export function deviceProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  return name in m.devices ? m.devices[name as "NotAllowedError"] : m.devices.other;
}
