// The texts of the needs, of help and of what to do when something fails. Apart from the others, so that a language can
// have the ones before the others; where one has none, it is French.

import type { Reason } from "../../common/screen";

export interface NeedsMessages {
  need: string;
  greeting: string;
  known: string;
  other: string;
  /** The need as the partner's page repeats it. */
  chosen: (need: string) => string;
  /** Where all partners are closed: the one that opens first. */
  first: (partner: string, when: string) => string;
  offline: string;
  /** How many are before the citizen. */
  before: (n: number) => string;
  near: { open: string; closed: string; far: (kilometres: number) => string; today: (hours: string) => string; opens: (when: string, hours: string) => string; span: (from: string, to: string) => string };
  help: {
    button: string; title: string; what: string; steps: string[]; phone: string; ask: string; close: string;
    calling: string; rung: string; seen: string; failed: string; away: string;
  };
  advice: Record<Reason, string>;
  poor: { title: string; advice: string };
}

const fr: NeedsMessages = {
  need: "Quel est votre besoin ?",
  greeting: "Bonjour ! Quel est votre besoin ?",
  known: "Vous savez qui appeler ?",
  other: "Votre besoin n’est pas là ? Touchez Retour, ou Aide.",
  chosen: (need) => `Votre besoin : ${need}`,
  first: (partner, when) => `Tout est fermé pour le moment. ${partner} ouvre en premier, ${when}.`,
  offline: "Le réseau ne répond pas. Pas d’appel vidéo pour le moment : téléphonez.",
  before: (n) => (n === 1 ? "1 personne attend avant vous." : `${n} personnes attendent avant vous.`),
  near: {
    open: "Un autre Espace est ouvert",
    closed: "Un autre Espace près d’ici",
    far: (km) => `à ${km}\u00a0km à vol d’oiseau`,
    today: (hours) => `Ouvert aujourd’hui\u00a0: ${hours}`,
    opens: (when, hours) => `Ouvre ${when}\u00a0: ${hours}`,
    span: (from, to) => `${from} à ${to}`,
  },
  help: {
    button: "Aide",
    title: "Aide",
    what: "Avec cette borne, vous voyez un conseiller et vous lui parlez. C’est gratuit. Rien n’est enregistré.",
    steps: ["Touchez votre besoin, ou le nom d’un partenaire.", "Touchez Appeler et attendez un conseiller.", "Parlez. À la fin, touchez Raccrocher."],
    phone: "Assistance par téléphone",
    ask: "Appeler l’assistance",
    close: "Fermer l’aide",
    calling: "Nous appelons l’assistance…",
    rung: "L’assistance est prévenue. Restez près de la borne.",
    seen: "L’assistance a vu votre demande.",
    failed: "L’assistance n’a pas reçu l’appel. Réessayez, ou téléphonez.",
    away: "Le réseau ne répond pas. Téléphonez à ce numéro.",
  },
  advice: {
    partner_closed: "Revenez quand c’est ouvert, ou téléphonez.",
    hub_unreachable: "Attendez quelques minutes et réessayez, ou téléphonez.",
    refused: "Téléphonez, ou demandez de l’aide à l’accueil.",
    no_answer: "Réessayez un peu plus tard, ou téléphonez.",
    media: "Réessayez. Si cela recommence, téléphonez.",
    device: "Prévenez l’accueil. Vous pouvez téléphoner.",
    call_lost: "Réessayez. Si cela recommence, téléphonez.",
    adviser_lost: "Réessayez, un conseiller vous répondra. Ou téléphonez.",
    too_long: "Vous pouvez rappeler, ou téléphoner.",
  },
  poor: { title: "La ligne est trop mauvaise pour un appel vidéo.", advice: "Attendez quelques minutes et réessayez, ou téléphonez." },
};

const en: NeedsMessages = {
  need: "What do you need?",
  greeting: "Hello! What do you need?",
  known: "Do you know whom to call?",
  other: "Is your need not here? Touch Back, or Help.",
  chosen: (need) => `Your need: ${need}`,
  first: (partner, when) => `Everything is closed at the moment. ${partner} opens first, ${when}.`,
  offline: "The network does not answer. No video calls at the moment: please telephone.",
  before: (n) => (n === 1 ? "1 person is waiting before you." : `${n} people are waiting before you.`),
  near: {
    open: "Another site is open",
    closed: "Another site near here",
    far: (km) => `${km}\u00a0km as the crow flies`,
    today: (hours) => `Open today: ${hours}`,
    opens: (when, hours) => `Opens ${when}: ${hours}`,
    span: (from, to) => `${from} to ${to}`,
  },
  help: {
    button: "Help",
    title: "Help",
    what: "With this booth you see an adviser and talk to them. It is free. Nothing is recorded.",
    steps: ["Touch your need, or the name of a partner.", "Touch Call and wait for an adviser.", "Talk. When you have finished, touch Hang up."],
    phone: "Help by telephone",
    ask: "Call for help",
    close: "Close help",
    calling: "We are calling for help…",
    rung: "The help desk has been told. Stay near the booth.",
    seen: "The help desk has seen your call.",
    failed: "The help desk did not get the call. Try again, or telephone.",
    away: "The network does not answer. Telephone this number.",
  },
  advice: {
    partner_closed: "Come back when it is open, or telephone.",
    hub_unreachable: "Wait a few minutes and try again, or telephone.",
    refused: "Telephone, or ask for help at the front desk.",
    no_answer: "Try again a little later, or telephone.",
    media: "Try again. If it happens again, telephone.",
    device: "Tell the front desk. You can telephone.",
    call_lost: "Try again. If it happens again, telephone.",
    adviser_lost: "Try again, an adviser will answer. Or telephone.",
    too_long: "You can call again, or telephone.",
  },
  poor: { title: "The line is too poor for a video call.", advice: "Wait a few minutes and try again, or telephone." },
};

const all: Record<string, NeedsMessages> = { fr, en };

/** These texts in a language, or in French where there are none. */
export function needsMessages(language: string): NeedsMessages {
  return all[language] ?? fr;
}
