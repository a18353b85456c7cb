// Written by `go test ./kiosk/booth -run TestScreensForTypeScript -update`; do not edit.

import type { View } from "./screen";

export const views = [
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [
      "camera",
      "microphone",
      "speaker"
    ],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      }
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      }
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      }
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "step": "contacting",
      "place": 0,
      "nobody_free": false,
      "since": "2026-11-24T10:00:02Z",
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "step": "waiting",
      "place": 3,
      "nobody_free": false,
      "since": "2026-11-24T10:00:02Z",
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "step": "waiting",
      "place": 1,
      "nobody_free": true,
      "since": "2026-11-24T10:00:02Z",
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "step": "ringing",
      "place": 3,
      "nobody_free": false,
      "since": "2026-11-24T10:00:02Z",
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "step": "waiting",
      "place": 1,
      "nobody_free": true,
      "since": "2026-11-24T10:00:07Z",
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "step": "waiting",
      "place": 1,
      "nobody_free": true,
      "since": "2026-11-24T10:00:08Z",
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "volume_percent": 70,
      "lost": [],
      "written": [],
      "phrases": [],
      "paper": null,
      "photo": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [
      "camera",
      "microphone",
      "speaker"
    ],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "paper": null,
      "photo": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "volume_percent": 70,
      "lost": [],
      "written": [],
      "phrases": [],
      "paper": null,
      "photo": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "written": [
        {
          "from": "adviser",
          "text": "Bonjour. Avez-vous votre avis d’imposition ?",
          "phrase": ""
        },
        {
          "from": "citizen",
          "text": "",
          "phrase": "yes"
        },
        {
          "from": "adviser",
          "text": "Votre numéro d’allocataire : 1234567.\nNotez-le.",
          "phrase": ""
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
      "paper": null,
      "photo": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "paper": {
        "id": "ffffffff-0000-4000-8000-000000000009",
        "page": 2,
        "pages": 3
      },
      "photo": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "paper": null,
      "photo": "wanted"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "volume_percent": 70,
      "lost": [],
      "written": [],
      "phrases": [],
      "paper": null,
      "photo": "taking"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "volume_percent": 70,
      "lost": [],
      "written": [],
      "phrases": [],
      "paper": null,
      "photo": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "lost": [
        "camera"
      ],
      "written": [],
      "phrases": [],
      "paper": null,
      "photo": ""
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "ended_by": "citizen"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "ended_by": "adviser"
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "retry": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "retry": true
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "retry": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "retry": true
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "retry": true
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "retry": false
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "retry": true
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "retry": true
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "retry": true
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": true,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": true,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": {
      "nature": "Le son des appels est meilleur.",
      "from": "2026-11-26T10:00:00Z"
    },
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": true,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": {
      "until": "2026-11-24T10:00:22Z"
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
      }
    }
  },
  {
    "site": "Espace Services Publics de démonstration",
    "timezone": "Europe/Paris",
    "language": "fr",
    "languages": [
      "fr",
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": true,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
      "en"
    ],
    "online": true,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
    "online": false,
    "simulated": [],
    "coming": null,
    "maintenance": false,
    "dark": false,
    "greeting": false,
    "still_there": null,
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
