/** The texts of the page of a site's agent. */
export const m = {
  title: "Accueil",
  booth: (site: string) => `La borne de ${site}`,
  states: {
    free: "La borne est libre.", used: "Quelqu’un se sert de la borne.", line: "Quelqu’un attend un conseiller.", call: "Un appel est en cours.",
    out_of_service: "La borne est hors service.", silent: "La borne ne donne pas signe de vie.", never: "La borne n’a jamais été allumée.",
  },
  noSite: "Votre compte n’est rattaché à aucun site qui ait une borne.",
  call: {
    title: "Appeler pour quelqu’un",
    text: "La borne appelle tout de suite. La caméra et le micro ne s’ouvrent que lorsqu’un conseiller répond ; la personne peut annuler à l’écran.",
    button: (short: string) => `Appeler ${short}`,
    sent: "C’est demandé : voyez l’écran de la borne.",
    busy: "La borne n’est plus libre.",
  },
  join: {
    title: "Participer à l’appel",
    text: "La personne est d’abord interrogée à l’écran. Si elle accepte, allez à la borne : le conseiller sait que vous êtes là.",
    offer: "Proposer mon aide", offered: "La question est posée à l’écran de la borne…", there: "La personne a accepté : rejoignez-la.", leave: "Je quitte l’appel",
    withdraw: "Retirer la proposition",
  },
};
