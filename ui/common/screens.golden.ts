// Written by `go test ./kiosk/booth -run TestScreensForTypeScript -update`; do not edit.

import type { View } from "./screen";

export const views = [
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "no_adviser",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "closed",
          "opens_at": "2026-11-25T08:00:00Z",
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 2
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "closed",
          "opens_at": "2026-11-25T08:00:00Z",
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "en",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [
      "camera",
      "microphone",
      "speaker"
    ],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Family and benefits",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Health",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retirement",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Housing: my rights",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Law and justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Family Allowances Office (CAF)",
          "about": "Family allowances, minimum income (RSA), in-work benefit, help with rent",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Health Insurance Office (CPAM)",
          "about": "Refunds of health care, Vitale card, sick leave, free or low-cost top-up cover",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "State Pension Office (Carsat)",
          "about": "Preparing and claiming your pension, survivor’s pension, minimum pension",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Housing and Energy Advice (ADIL-EIE)",
          "about": "Renting, unpaid rent, buying, works and saving energy: free advice",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Legal Advice Centre (CDAD)",
          "about": "Your rights and how to go to court: family, work, housing, disputes",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "needs",
      "group": {
        "id": "family",
        "name": "Famille et aides",
        "icon": "family"
      },
      "needs": [
        {
          "id": "caf-rent",
          "text": "Être aidé pour payer mon loyer",
          "partner": "caf"
        },
        {
          "id": "caf-birth",
          "text": "Un enfant va naître ou vient de naître",
          "partner": "caf"
        },
        {
          "id": "caf-family",
          "text": "Allocations familiales, rentrée scolaire",
          "partner": "caf"
        },
        {
          "id": "caf-childcare",
          "text": "Être aidé pour faire garder mon enfant",
          "partner": "caf"
        },
        {
          "id": "caf-parent-alone",
          "text": "J’élève seul mes enfants, pension non payée",
          "partner": "caf"
        },
        {
          "id": "caf-rsa",
          "text": "Je n’ai pas ou presque pas d’argent : le RSA",
          "partner": "caf"
        },
        {
          "id": "caf-work",
          "text": "Je travaille et gagne peu : prime d’activité",
          "partner": "caf"
        },
        {
          "id": "caf-disability",
          "text": "Paiement de l’allocation handicap (AAH)",
          "partner": "caf"
        },
        {
          "id": "caf-change",
          "text": "Dire ce qui change : adresse, famille, travail",
          "partner": "caf"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "en",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "needs",
      "group": {
        "id": "health",
        "name": "Health",
        "icon": "health"
      },
      "needs": [
        {
          "id": "cpam-refund",
          "text": "Getting care or medicine refunded",
          "partner": "cpam"
        },
        {
          "id": "cpam-card",
          "text": "My Vitale card: apply, lost, stolen",
          "partner": "cpam"
        },
        {
          "id": "cpam-top-up",
          "text": "My top-up cover is too dear, or I have none",
          "partner": "cpam"
        },
        {
          "id": "cpam-sick-leave",
          "text": "I am on sick leave",
          "partner": "cpam"
        },
        {
          "id": "cpam-work-accident",
          "text": "I had an accident at work",
          "partner": "cpam"
        },
        {
          "id": "cpam-long-illness",
          "text": "A long illness: full cover",
          "partner": "cpam"
        },
        {
          "id": "cpam-doctor",
          "text": "I have no regular doctor",
          "partner": "cpam"
        },
        {
          "id": "cpam-baby-leave",
          "text": "Maternity or paternity leave",
          "partner": "cpam"
        },
        {
          "id": "cpam-change",
          "text": "A new address or bank account",
          "partner": "cpam"
        }
      ],
      "partners": [
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Health Insurance Office (CPAM)",
          "about": "Refunds of health care, Vitale card, sick leave, free or low-cost top-up cover",
          "icon": "health",
          "phone": "3646",
          "status": "closed",
          "opens_at": "2026-11-25T08:00:00Z",
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "partner",
      "partner": {
        "id": "adil",
        "short": "ADIL-EIE",
        "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
        "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
        "icon": "housing",
        "phone": "02 38 62 47 07",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": "Je ne peux plus payer mon loyer"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [
      "camera",
      "microphone",
      "speaker"
    ],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "partner",
      "partner": {
        "id": "cdad",
        "short": "CDAD",
        "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
        "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
        "icon": "justice",
        "phone": "3039",
        "status": "no_adviser",
        "opens_at": null,
        "waiting": 0
      },
      "need": "Divorce, séparation, garde des enfants"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "closed",
          "opens_at": "2026-11-25T08:00:00Z",
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "closed",
          "opens_at": "2026-11-25T08:00:00Z",
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "closed",
          "opens_at": "2026-11-25T08:00:00Z",
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "closed",
          "opens_at": "2026-11-25T08:00:00Z",
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "closed",
          "opens_at": "2026-11-25T08:00:00Z",
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": true,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": true,
      "phone": "02 38 25 45 45",
      "can_ask": false,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "unknown",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "unknown",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "unknown",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "unknown",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "unknown",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": true,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": "calling"
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": true,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": "rung"
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": true,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": "seen"
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "partner",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "en",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": true,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": "failed"
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Family and benefits",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Health",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retirement",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Housing: my rights",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Law and justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Family Allowances Office (CAF)",
          "about": "Family allowances, minimum income (RSA), in-work benefit, help with rent",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Health Insurance Office (CPAM)",
          "about": "Refunds of health care, Vitale card, sick leave, free or low-cost top-up cover",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "State Pension Office (Carsat)",
          "about": "Preparing and claiming your pension, survivor’s pension, minimum pension",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Housing and Energy Advice (ADIL-EIE)",
          "about": "Renting, unpaid rent, buying, works and saving energy: free advice",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Legal Advice Centre (CDAD)",
          "about": "Your rights and how to go to court: family, work, housing, disputes",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": true,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "failed",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "reason": "call_lost",
      "code": "C-5E55",
      "retry": true,
      "poor": true,
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "ar",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "الأسرة والإعانات",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "الصحة",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "التقاعد",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "السكن: حقوقي",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "القانون والعدالة",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "صندوق الإعانات العائلية (CAF)",
          "about": "الإعانات العائلية، دخل التضامن (RSA)، منحة النشاط، إعانات السكن",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "صندوق التأمين الصحي (CPAM)",
          "about": "استرجاع مصاريف العلاج، بطاقة Vitale، الإجازات المرضية، التغطية الصحية التكميلية",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "صندوق التقاعد (Carsat)",
          "about": "تحضير التقاعد وطلبه، معاش الزوج المتوفى، الحد الأدنى للشيخوخة",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "الإعلام حول السكن والطاقة (ADIL-EIE)",
          "about": "الإيجار، الإيجارات غير المدفوعة، الشراء، الأشغال وتوفير الطاقة: نصائح مجانية",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "مركز الوصول إلى القانون (CDAD)",
          "about": "حقوقكم وإجراءاتكم أمام القضاء: الأسرة، العمل، السكن، النزاعات",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "uk",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Сім’я та виплати",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Здоров’я",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Пенсія",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Житло: мої права",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Право і правосуддя",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Каса сімейних виплат (CAF)",
          "about": "Сімейні виплати, мінімальний дохід (RSA), надбавка до зарплати, допомога на житло",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Каса медичного страхування (CPAM)",
          "about": "Відшкодування лікування, картка Vitale, лікарняні, додаткове медичне страхування",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Пенсійна каса (Carsat)",
          "about": "Підготовка й оформлення пенсії, пенсія за чоловіка чи дружину, мінімальна пенсія",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Консультації щодо житла й енергії (ADIL-EIE)",
          "about": "Оренда, борги за житло, купівля, ремонт і заощадження енергії: безкоштовні поради",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Центр правової допомоги (CDAD)",
          "about": "Ваші права та звернення до суду: сім’я, робота, житло, спори",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "tr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Aile ve yardımlar",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Sağlık",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Emeklilik",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Konut: haklarım",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Hukuk ve adalet",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Aile Yardımları Sandığı (CAF)",
          "about": "Aile yardımları, asgari gelir (RSA), çalışma primi, kira yardımı",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Sağlık Sigortası (CPAM)",
          "about": "Sağlık giderlerinin ödenmesi, Vitale kartı, iş göremezlik, tamamlayıcı sigorta",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Emeklilik Sigortası (Carsat)",
          "about": "Emekliliğinizi hazırlamak ve istemek, dul aylığı, asgari yaşlılık aylığı",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Konut ve Enerji Danışmanlığı (ADIL-EIE)",
          "about": "Kiralama, ödenmemiş kira, satın alma, tadilat ve enerji tasarrufu: ücretsiz danışma",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Hukuki Danışma Merkezi (CDAD)",
          "about": "Haklarınız ve mahkeme işlemleriniz: aile, iş, konut, anlaşmazlıklar",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "ar",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "partner",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "صندوق الإعانات العائلية (CAF)",
        "about": "الإعانات العائلية، دخل التضامن (RSA)، منحة النشاط، إعانات السكن",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": false,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "unknown",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "unknown",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "unknown",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "unknown",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "unknown",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "partner",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "partner",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "no_adviser",
        "opens_at": null,
        "waiting": 0
      },
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": false,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "partner",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "unknown",
        "opens_at": null,
        "waiting": 0
      },
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "calling",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": "",
      "step": "contacting",
      "place": 0,
      "nobody_free": false,
      "since": "2026-11-24T10:00:02Z",
      "by_agent": false,
      "passed_by": null,
      "returned": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "calling",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": "",
      "step": "waiting",
      "place": 3,
      "nobody_free": false,
      "since": "2026-11-24T10:00:02Z",
      "by_agent": false,
      "passed_by": null,
      "returned": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "calling",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": "",
      "step": "waiting",
      "place": 1,
      "nobody_free": true,
      "since": "2026-11-24T10:00:02Z",
      "by_agent": false,
      "passed_by": null,
      "returned": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "calling",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": "",
      "step": "ringing",
      "place": 3,
      "nobody_free": false,
      "since": "2026-11-24T10:00:02Z",
      "by_agent": false,
      "passed_by": null,
      "returned": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "calling",
      "partner": {
        "id": "cpam",
        "short": "CPAM",
        "name": "Caisse primaire d’assurance maladie du Loiret",
        "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
        "icon": "health",
        "phone": "3646",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": "",
      "step": "waiting",
      "place": 1,
      "nobody_free": true,
      "since": "2026-11-24T10:00:07Z",
      "by_agent": false,
      "passed_by": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "returned": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "calling",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": "",
      "step": "waiting",
      "place": 1,
      "nobody_free": true,
      "since": "2026-11-24T10:00:08Z",
      "by_agent": false,
      "passed_by": {
        "id": "cpam",
        "short": "CPAM",
        "name": "Caisse primaire d’assurance maladie du Loiret",
        "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
        "icon": "health",
        "phone": "3646",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "returned": true
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": true,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": true,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "partner",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": {
      "picture": "",
      "logo": ""
    },
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": {
      "picture": "/attract/picture",
      "logo": "/attract/logo"
    },
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "closed",
          "opens_at": "2026-11-25T08:00:00Z",
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "closed",
          "opens_at": "2026-11-25T08:00:00Z",
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call_back",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connecting",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [
      "camera",
      "microphone",
      "speaker"
    ],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": false,
      "camera": false,
      "adviser_microphone": false,
      "adviser_camera": false,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [
        {
          "from": "adviser",
          "kind": "typed",
          "text": "Bonjour. Avez-vous votre avis d’imposition ?",
          "phrase": "",
          "open": false
        },
        {
          "from": "citizen",
          "kind": "phrase",
          "text": "",
          "phrase": "yes",
          "open": false
        },
        {
          "from": "adviser",
          "kind": "typed",
          "text": "Votre numéro d’allocataire : 1234567.\nNotez-le.",
          "phrase": "",
          "open": false
        }
      ],
      "phrases": [
        "yes",
        "no",
        "repeat",
        "slower",
        "wait",
        "thanks"
      ],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": true,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": true,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [
        {
          "from": "adviser",
          "kind": "typed",
          "text": "Bonjour. Quel est votre nom ?",
          "phrase": "",
          "open": false
        },
        {
          "from": "adviser",
          "kind": "typed",
          "text": "Et votre pré",
          "phrase": "",
          "open": true
        },
        {
          "from": "citizen",
          "kind": "typed",
          "text": "Je m’appelle Jeanne",
          "phrase": "",
          "open": true
        }
      ],
      "phrases": [
        "yes",
        "no",
        "repeat",
        "slower",
        "wait",
        "thanks"
      ],
      "text": true,
      "keyboard": true,
      "citizen_speaks": true,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "en",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Family Allowances Office (CAF)",
        "about": "Family allowances, minimum income (RSA), in-work benefit, help with rent",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": true,
      "keyboard": true,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": {
        "id": "ffffffff-0000-4000-8000-000000000009",
        "page": 2,
        "pages": 3
      },
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "wanted",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": false,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "taking",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "calling",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": "",
      "step": "waiting",
      "place": 3,
      "nobody_free": false,
      "since": "2026-11-24T10:00:01Z",
      "by_agent": true,
      "passed_by": null,
      "returned": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": "offered"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": "there"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "interrupted",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [
        "camera"
      ],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "thanks",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "ended_by": "citizen",
      "asks": "helped",
      "answered": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "thanks",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "ended_by": "adviser",
      "asks": "helped",
      "answered": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "thanks",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "ended_by": "adviser",
      "asks": "quality",
      "answered": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "thanks",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "ended_by": "adviser",
      "asks": "",
      "answered": true
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "thanks",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "ended_by": "citizen",
      "asks": "",
      "answered": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "failed",
      "partner": {
        "id": "cdad",
        "short": "CDAD",
        "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
        "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
        "icon": "justice",
        "phone": "3039",
        "status": "closed",
        "opens_at": "2026-11-25T08:00:00Z",
        "waiting": 0
      },
      "reason": "partner_closed",
      "code": "F-5E55",
      "retry": false,
      "poor": false,
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": false,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "failed",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "unknown",
        "opens_at": null,
        "waiting": 0
      },
      "reason": "hub_unreachable",
      "code": "R-5E55",
      "retry": true,
      "poor": false,
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "failed",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "reason": "refused",
      "code": "P-5E55",
      "retry": false,
      "poor": false,
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "failed",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "reason": "no_answer",
      "code": "A-5E55",
      "retry": true,
      "poor": false,
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "failed",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "reason": "media",
      "code": "M-5E55",
      "retry": true,
      "poor": false,
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "failed",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "reason": "device",
      "code": "D-5E55",
      "retry": false,
      "poor": false,
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "failed",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "reason": "call_lost",
      "code": "C-5E55",
      "retry": true,
      "poor": false,
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "failed",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "reason": "adviser_lost",
      "code": "L-5E55",
      "retry": true,
      "poor": false,
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "failed",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "reason": "too_long",
      "code": "T-5E55",
      "retry": true,
      "poor": false,
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": true,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": "2026-11-25T08:00:00Z",
      "hours": [
        [
          540,
          750
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "closed",
      "opens_at": "2026-11-25T08:00:00Z",
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": true,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": "2026-11-25T08:00:00Z",
      "hours": [
        [
          540,
          750
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "closed",
      "opens_at": "2026-11-25T08:00:00Z",
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "out_of_service",
      "devices": [
        "camera",
        "microphone"
      ],
      "stopped": false,
      "message": "",
      "phone": "02 38 25 45 45",
      "code": "S-CM",
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": {
      "name": "Espace Services Publics de Jargeau",
      "town": "Jargeau",
      "phone": "02 38 25 45 45",
      "kilometres": 16,
      "opens_at": null,
      "hours": [
        [
          540,
          750
        ],
        [
          810,
          1020
        ]
      ]
    },
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "out_of_service",
      "devices": [],
      "stopped": true,
      "message": "Réparation jeudi. Merci d’utiliser le téléphone de l’accueil.",
      "phone": "02 38 25 45 45",
      "code": "S-A",
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": {
      "nature": "Le son des appels est meilleur.",
      "from": "2026-11-26T10:00:00Z"
    },
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "restarting"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": true,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": {
      "until": "2026-11-24T10:00:22Z"
    },
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "partner",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "checking"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": true,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": true,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": true,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 80
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 80,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": true,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": true,
      "on": true,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "home",
      "groups": [
        {
          "id": "family",
          "name": "Famille et aides",
          "icon": "family"
        },
        {
          "id": "health",
          "name": "Santé",
          "icon": "health"
        },
        {
          "id": "retirement",
          "name": "Retraite",
          "icon": "retirement"
        },
        {
          "id": "housing",
          "name": "Logement : mes droits",
          "icon": "housing"
        },
        {
          "id": "justice",
          "name": "Droit et justice",
          "icon": "justice"
        }
      ],
      "partners": [
        {
          "id": "caf",
          "short": "CAF",
          "name": "Caisse d’allocations familiales du Loiret",
          "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
          "icon": "family",
          "phone": "3230",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Caisse primaire d’assurance maladie du Loiret",
          "about": "Remboursement des soins, carte Vitale, arrêts de travail, complémentaire santé solidaire",
          "icon": "health",
          "phone": "3646",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "carsat",
          "short": "CARSAT",
          "name": "Assurance retraite, Carsat Centre-Val de Loire",
          "about": "Préparer et demander votre retraite, pension de réversion, minimum vieillesse",
          "icon": "retirement",
          "phone": "3960",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "adil",
          "short": "ADIL-EIE",
          "name": "Agence départementale d’information sur le logement, espace info énergie du Loiret",
          "about": "Location, loyers impayés, achat, travaux et économies d’énergie : conseils gratuits",
          "icon": "housing",
          "phone": "02 38 62 47 07",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Conseil départemental de l’accès au droit du Loiret, point-justice",
          "about": "Vos droits et vos démarches en justice : famille, travail, logement, litiges",
          "icon": "justice",
          "phone": "3039",
          "status": "open",
          "opens_at": null,
          "waiting": 0
        }
      ]
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": {
      "until": "2026-11-24T10:00:23Z"
    },
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": true,
      "on": true,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "partner",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "need": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": {
      "open": false,
      "phone": "02 38 25 45 45",
      "can_ask": true,
      "state": ""
    },
    "near": null,
    "attract": null,
    "speech": {
      "available": true,
      "on": true,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "call",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret",
        "about": "Allocations familiales, RSA, prime d’activité, aides au logement",
        "icon": "family",
        "phone": "3230",
        "status": "open",
        "opens_at": null,
        "waiting": 0
      },
      "adviser": "Mme Martin",
      "state": "connected",
      "microphone": true,
      "camera": true,
      "adviser_microphone": true,
      "adviser_camera": true,
      "volume_percent": 70,
      "lost": [],
      "written": [],
      "phrases": [],
      "text": false,
      "keyboard": false,
      "citizen_speaks": false,
      "adviser_speaks": false,
      "paper": null,
      "photo": "",
      "company": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "occupied"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "technician",
      "step": "pin",
      "typed": 0,
      "wrong": false,
      "locked": false,
      "trains": false,
      "version": "2026.11",
      "running": false,
      "checks": [],
      "verdict": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "technician",
      "step": "pin",
      "typed": 3,
      "wrong": false,
      "locked": false,
      "trains": false,
      "version": "2026.11",
      "running": false,
      "checks": [],
      "verdict": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "technician",
      "step": "pin",
      "typed": 0,
      "wrong": true,
      "locked": false,
      "trains": false,
      "version": "2026.11",
      "running": false,
      "checks": [],
      "verdict": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "technician",
      "step": "pin",
      "typed": 0,
      "wrong": true,
      "locked": true,
      "trains": false,
      "version": "2026.11",
      "running": false,
      "checks": [],
      "verdict": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "technician",
      "step": "checks",
      "typed": 0,
      "wrong": false,
      "locked": false,
      "trains": true,
      "version": "2026.11",
      "running": true,
      "checks": [
        {
          "name": "link",
          "state": "ok",
          "value": "eth0 1000 full",
          "code": ""
        },
        {
          "name": "hub_name",
          "state": "running",
          "value": "",
          "code": ""
        }
      ],
      "verdict": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "technician",
      "step": "checks",
      "typed": 0,
      "wrong": false,
      "locked": false,
      "trains": true,
      "version": "2026.11",
      "running": false,
      "checks": [
        {
          "name": "link",
          "state": "ok",
          "value": "eth0 1000 full",
          "code": ""
        },
        {
          "name": "address",
          "state": "ok",
          "value": "192.168.1.20/24",
          "code": ""
        },
        {
          "name": "gateway",
          "state": "ok",
          "value": "192.168.1.1",
          "code": ""
        },
        {
          "name": "dns",
          "state": "ok",
          "value": "192.168.1.1",
          "code": ""
        },
        {
          "name": "hub_name",
          "state": "ok",
          "value": "203.0.113.7",
          "code": ""
        },
        {
          "name": "clock",
          "state": "ok",
          "value": "12ms",
          "code": ""
        },
        {
          "name": "hub",
          "state": "ok",
          "value": "38ms",
          "code": ""
        },
        {
          "name": "turn_udp",
          "state": "ok",
          "value": "41ms",
          "code": ""
        },
        {
          "name": "turn_tcp",
          "state": "ok",
          "value": "44ms",
          "code": ""
        },
        {
          "name": "turn_tls",
          "state": "ok",
          "value": "47ms",
          "code": ""
        },
        {
          "name": "down",
          "state": "ok",
          "value": "8200",
          "code": ""
        },
        {
          "name": "up",
          "state": "ok",
          "value": "900",
          "code": ""
        }
      ],
      "verdict": "go"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "technician",
      "step": "checks",
      "typed": 0,
      "wrong": false,
      "locked": false,
      "trains": true,
      "version": "2026.11",
      "running": false,
      "checks": [
        {
          "name": "link",
          "state": "warn",
          "value": "",
          "code": "wireless"
        },
        {
          "name": "address",
          "state": "ok",
          "value": "192.168.1.20/24",
          "code": ""
        },
        {
          "name": "gateway",
          "state": "ok",
          "value": "192.168.1.1",
          "code": ""
        },
        {
          "name": "dns",
          "state": "ok",
          "value": "192.168.1.1",
          "code": ""
        },
        {
          "name": "hub_name",
          "state": "ok",
          "value": "203.0.113.7",
          "code": ""
        },
        {
          "name": "clock",
          "state": "ok",
          "value": "12ms",
          "code": ""
        },
        {
          "name": "hub",
          "state": "ok",
          "value": "38ms",
          "code": ""
        },
        {
          "name": "turn_udp",
          "state": "warn",
          "value": "",
          "code": "timeout"
        },
        {
          "name": "turn_tcp",
          "state": "ok",
          "value": "44ms",
          "code": ""
        },
        {
          "name": "turn_tls",
          "state": "ok",
          "value": "47ms",
          "code": ""
        },
        {
          "name": "down",
          "state": "ok",
          "value": "8200",
          "code": ""
        },
        {
          "name": "up",
          "state": "warn",
          "value": "",
          "code": "slow"
        }
      ],
      "verdict": "poor"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "fr-simple",
      "en",
      "ar",
      "es",
      "pt",
      "ro",
      "tr",
      "uk"
    ],
    "asks_language": false,
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 70
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "technician",
      "step": "checks",
      "typed": 0,
      "wrong": false,
      "locked": false,
      "trains": true,
      "version": "2026.11",
      "running": false,
      "checks": [
        {
          "name": "link",
          "state": "ok",
          "value": "eth0 1000 full",
          "code": ""
        },
        {
          "name": "address",
          "state": "ok",
          "value": "192.168.1.20/24",
          "code": ""
        },
        {
          "name": "gateway",
          "state": "ok",
          "value": "192.168.1.1",
          "code": ""
        },
        {
          "name": "dns",
          "state": "fail",
          "value": "",
          "code": "dns_silent"
        },
        {
          "name": "hub_name",
          "state": "fail",
          "value": "",
          "code": "name_unknown"
        },
        {
          "name": "clock",
          "state": "ok",
          "value": "12ms",
          "code": ""
        },
        {
          "name": "hub",
          "state": "fail",
          "value": "",
          "code": "cert_unknown_authority"
        },
        {
          "name": "turn_udp",
          "state": "fail",
          "value": "",
          "code": "timeout"
        },
        {
          "name": "turn_tcp",
          "state": "fail",
          "value": "",
          "code": "timeout"
        },
        {
          "name": "turn_tls",
          "state": "fail",
          "value": "",
          "code": "timeout"
        },
        {
          "name": "down",
          "state": "skipped",
          "value": "",
          "code": "no_hub"
        },
        {
          "name": "up",
          "state": "skipped",
          "value": "",
          "code": "no_hub"
        }
      ],
      "verdict": "nogo"
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "technician",
      "step": "checks",
      "typed": 0,
      "wrong": false,
      "locked": false,
      "trains": false,
      "version": "",
      "running": false,
      "checks": [
        {
          "name": "hub",
          "state": "ok",
          "value": "38ms",
          "code": ""
        },
        {
          "name": "turn_udp",
          "state": "skipped",
          "value": "",
          "code": "no_test"
        }
      ],
      "verdict": "enrol"
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "settings",
      "hub": "",
      "mistakes": [],
      "typed": "",
      "complete": false,
      "refusal": ""
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "settings",
      "hub": "",
      "mistakes": [
        "visioborne.yaml:2: code: \"K7PX-2M4\" is not 8 characters long; expected the 8 characters that the hub printed, such as K7PX-2M4Q"
      ],
      "typed": "",
      "complete": false,
      "refusal": ""
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "code",
      "hub": "wss://hub.visioborne.example",
      "mistakes": [],
      "typed": "",
      "complete": false,
      "refusal": ""
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "code",
      "hub": "wss://hub.visioborne.example",
      "mistakes": [],
      "typed": "K7PX2",
      "complete": false,
      "refusal": ""
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "code",
      "hub": "wss://hub.visioborne.example",
      "mistakes": [],
      "typed": "K7PX2M4Q",
      "complete": true,
      "refusal": ""
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "contacting",
      "hub": "wss://hub.visioborne.example",
      "mistakes": [],
      "typed": "K7PX2M4Q",
      "complete": true,
      "refusal": ""
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "contacting",
      "hub": "wss://hub.visioborne.example",
      "mistakes": [],
      "typed": "K7PX2M4Q",
      "complete": true,
      "refusal": "hub_unreachable"
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "done",
      "hub": "wss://hub.visioborne.example",
      "mistakes": [],
      "typed": "",
      "complete": false,
      "refusal": ""
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "code",
      "hub": "wss://hub.visioborne.example",
      "mistakes": [],
      "typed": "",
      "complete": false,
      "refusal": "unknown_code"
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "code",
      "hub": "wss://hub.visioborne.example",
      "mistakes": [],
      "typed": "",
      "complete": false,
      "refusal": "used_code"
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "code",
      "hub": "wss://hub.visioborne.example",
      "mistakes": [],
      "typed": "",
      "complete": false,
      "refusal": "expired_code"
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "code",
      "hub": "wss://hub.visioborne.example",
      "mistakes": [],
      "typed": "",
      "complete": false,
      "refusal": "certificate"
    }
  },
  {
    "site": "Visioborne",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [],
    "asks_language": false,
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "training": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
    "help": null,
    "near": null,
    "attract": null,
    "speech": {
      "available": false,
      "on": false,
      "private": false,
      "volume_percent": 0
    },
    "panel": {
      "width_mm": 217,
      "height_mm": 136,
      "capital_mm": 8.6,
      "double_touch_ms": 300,
      "transitions": true,
      "lowers": false,
      "low": false
    },
    "screen": {
      "name": "enrolment",
      "step": "code",
      "hub": "wss://hub.visioborne.example",
      "mistakes": [],
      "typed": "",
      "complete": false,
      "refusal": "answer"
    }
  }
] satisfies View[];
