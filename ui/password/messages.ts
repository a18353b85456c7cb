/** The texts of the page on which one changes one's password. */
export const m = {
  title: "Changer de mot de passe",
  oneTime: "Vous êtes entré avec un mot de passe à usage unique. Choisissez le vôtre pour continuer.",
  old: "Mot de passe actuel",
  new: "Nouveau mot de passe",
  again: "Nouveau mot de passe, une seconde fois",
  hint: "Au moins 12 caractères. Une phrase est facile à retenir.",
  button: "Changer",
  busy: "Changement…",
  others: "Vos autres sessions seront fermées.",
  problems: {
    wrong: "Le mot de passe actuel n’est pas le bon.",
    password: "Le nouveau mot de passe doit avoir de 12 à 200 caractères.",
    same: "Le nouveau mot de passe est le même que l’actuel.",
    differ: "Les deux saisies du nouveau mot de passe diffèrent.",
    no_password: "Ce compte n’a pas de mot de passe : il se connecte par le service d’identification.",
    demonstration: "Un compte de démonstration garde son mot de passe.",
  } as Record<string, string>,
};
