/** The sign-in's texts. Those who work with the hub do so in French. */
export const m = {
  title: "Connexion",
  user: "Identifiant",
  password: "Mot de passe",
  button: "Se connecter",
  busy: "Connexion…",
  or: "ou",
  with: (provider: string) => `Se connecter avec ${provider}`,
  wrong: "Identifiant ou mot de passe incorrect.",
  help: "Mot de passe oublié ? Demandez à l’administrateur du serveur de vous en donner un nouveau.",
  /** What came back from the provider. */
  problems: {
    provider: "Le service d’identification n’a pas répondu comme prévu. Réessayez, ou connectez-vous avec votre mot de passe.",
    refused: "Le service d’identification n’a pas accepté la connexion.",
    state: "La connexion a pris trop de temps ou a été commencée dans un autre navigateur. Recommencez.",
    unknown: "Aucun compte n’a cette adresse électronique. Demandez à l’administrateur du serveur de l’ajouter à votre compte.",
    level: "Votre façon de vous identifier n’est pas assez sûre pour ce service.",
  } as Record<string, string>,
};
