/** The texts of the page of the audit record. */
export const m = {
  title: "Journal",
  caption: (n: number, more: boolean) => (more ? `Les ${n} actions les plus récentes ; réduisez la période pour voir les autres.` : n === 1 ? "1 action" : `${n} actions`),
  from: "Du", to: "Au", site: "Site", who: "Personne (identifiant)", everywhere: "Tous", button: "Afficher",
  columns: ["Quand", "Qui", "Action", "Site", "Précisions"],
  none: "Aucune action dans cette période.",
  nobody: "personne de connecté",
  wrongPeriod: "La période n’est pas valable : le premier jour doit venir avant le dernier.",
  actions: {
    sign_in_slowed: "Trop d’essais de mot de passe", password_changed: "Mot de passe changé", password_reset: "Nouveau mot de passe donné",
    account_added: "Compte ajouté", account_changed: "Compte modifié", account_disabled: "Compte désactivé", account_enabled: "Compte réactivé",
    booth_selftest: "Autotest demandé", booth_test_call: "Appel d’essai demandé", booth_restart: "Redémarrage du service demandé",
    booth_reboot: "Redémarrage de la borne demandé", booth_out_of_service: "Borne mise hors service", booth_in_service: "Borne remise en service", booth_help_asked: "Aide demandée à la borne", booth_help_seen: "Demande d’aide vue",
    agent_call: "Appel lancé par l’agent du site", agent_join: "Aide proposée pendant un appel", agent_leave: "Aide retirée pendant un appel",
    booth_logs: "Journal de la borne demandé",
    site_version_kept: "Configuration du site modifiée", site_notice_sent: "Préavis envoyé au responsable du site",
    site_notice_failed: "Préavis impossible : configuration non mise en vigueur",
  } as Record<string, string>,
  /** The words of details such as "user=caf.1 role=agent". */
  details: { user: "compte", role: "rôle", partner: "partenaire", site: "site", from: "depuis", version: "version", cause: "cause" } as Record<string, string>,
};
