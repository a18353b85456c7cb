/** The desk's texts. Advisers work in French. */
export const m = {
  title: "Visioborne, poste conseiller",
  signOut: "Se déconnecter",
  available: "Disponible",
  availableHint: "Les appels sonnent sur ce poste.",
  awayHint: "Aucun appel ne sonne sur ce poste.",
  absent: "Un appel a sonné sans réponse : vous n’êtes plus disponible. L’appel est reparti dans la file.",
  line: "File d’attente",
  nobodyWaits: "Personne n’attend.",
  since: (text: string) => `attend depuis ${text}`,
  duration: (seconds: number) =>
    seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")}`,
  ring: { title: "Appel entrant", text: (site: string) => site, waited: (text: string) => `attend depuis ${text}`, answer: "Répondre", decline: "Refuser" },
  talk: {
    citizen: "Usager", you: "Vous", hangUp: "Raccrocher",
    microphoneOn: "Micro allumé", microphoneOff: "Micro coupé", cameraOn: "Caméra allumée", cameraOff: "Caméra coupée",
    connecting: "Connexion de l’image et du son…", interrupted: "La ligne est coupée. L’appel va reprendre tout seul si elle revient.",
    citizenMicrophoneOff: "L’usager a coupé son micro", citizenCameraOff: "L’usager a coupé sa caméra",
    citizenAway: "L’usager n’est plus devant la borne",
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
