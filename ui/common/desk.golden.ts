// Written by `go test ./hub/desk -run TestViewsForTypeScript -update`; do not edit.

import type { DeskView } from "./desk";

export const deskViews = [
  {
    "seq": 1,
    "screen": "signed_out",
    "adviser": null,
    "available": false,
    "absent": false,
    "pause": "",
    "line": [],
    "waiting": 0,
    "call": null,
    "dropped": []
  },
  {
    "seq": 1,
    "screen": "replaced",
    "adviser": null,
    "available": false,
    "absent": false,
    "pause": "",
    "line": [],
    "waiting": 0,
    "call": null,
    "dropped": []
  },
  {
    "seq": 0,
    "screen": "ready",
    "adviser": {
      "name": "Mme Martin",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret"
      }
    },
    "available": false,
    "absent": false,
    "pause": "",
    "line": [],
    "waiting": 0,
    "call": null,
    "dropped": []
  },
  {
    "seq": 0,
    "screen": "ready",
    "adviser": {
      "name": "Mme Martin",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret"
      }
    },
    "available": true,
    "absent": false,
    "pause": "",
    "line": [
      {
        "call": "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab",
        "site": "Espace Services Publics de Gien",
        "since_seconds": 70,
        "from": "",
        "returned": false,
        "need": "Besoin caf-rent",
        "language": "fr"
      },
      {
        "call": "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab",
        "site": "Espace Services Publics de Gien",
        "since_seconds": 12,
        "from": "CPAM",
        "returned": false,
        "need": "Besoin caf-rent",
        "language": "fr-simple"
      }
    ],
    "waiting": 2,
    "call": null,
    "dropped": []
  },
  {
    "seq": 0,
    "screen": "ready",
    "adviser": {
      "name": "Mme Martin",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret"
      }
    },
    "available": false,
    "absent": true,
    "pause": "",
    "line": [],
    "waiting": 0,
    "call": null,
    "dropped": []
  },
  {
    "seq": 0,
    "screen": "ready",
    "adviser": {
      "name": "Mme Martin",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret"
      }
    },
    "available": true,
    "absent": false,
    "pause": "",
    "line": [],
    "waiting": 0,
    "call": {
      "id": "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab",
      "site": "Espace Services Publics de Gien",
      "state": "ringing",
      "waited_seconds": 70,
      "ice_servers": [
        {
          "urls": [
            "stun:127.0.0.1:8090"
          ]
        },
        {
          "urls": [
            "turn:127.0.0.1:8090?transport=udp"
          ],
          "username": "1795532400:0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab",
          "credential": "c2VjcmV0"
        }
      ],
      "from": "",
      "returned": false,
      "need": "Besoin caf-rent",
      "language": "ar",
      "targets": []
    },
    "dropped": []
  },
  {
    "seq": 0,
    "screen": "ready",
    "adviser": {
      "name": "Mme Martin",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret"
      }
    },
    "available": true,
    "absent": false,
    "pause": "",
    "line": [],
    "waiting": 0,
    "call": {
      "id": "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab",
      "site": "Espace Services Publics de Gien",
      "state": "answered",
      "waited_seconds": 10,
      "ice_servers": [
        {
          "urls": [
            "stun:127.0.0.1:8090"
          ]
        },
        {
          "urls": [
            "turn:127.0.0.1:8090?transport=udp"
          ],
          "username": "1795532400:0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab",
          "credential": "c2VjcmV0"
        }
      ],
      "from": "",
      "returned": false,
      "need": "Besoin caf-rent",
      "language": "fr",
      "targets": [
        {
          "id": "cpam",
          "short": "CPAM",
          "name": "Partenaire cpam",
          "phone": "3646",
          "open": true,
          "online": 2,
          "free": 1,
          "waiting": 0
        },
        {
          "id": "cdad",
          "short": "CDAD",
          "name": "Partenaire cdad",
          "phone": "3039",
          "open": false,
          "online": 0,
          "free": 0,
          "waiting": 0
        }
      ]
    },
    "dropped": []
  },
  {
    "seq": 0,
    "screen": "ready",
    "adviser": {
      "name": "Mme Martin",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret"
      }
    },
    "available": false,
    "absent": false,
    "pause": "lunch",
    "line": [],
    "waiting": 0,
    "call": null,
    "dropped": [
      {
        "call": "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab",
        "site": "Espace Services Publics de Gien",
        "since_seconds": 40
      }
    ]
  },
  {
    "seq": 0,
    "screen": "ready",
    "adviser": {
      "name": "Mme Martin",
      "partner": {
        "id": "caf",
        "short": "CAF",
        "name": "Caisse d’allocations familiales du Loiret"
      }
    },
    "available": true,
    "absent": false,
    "pause": "",
    "line": [],
    "waiting": 0,
    "call": {
      "id": "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab",
      "site": "Espace Services Publics de Gien",
      "state": "recalling",
      "waited_seconds": 70,
      "ice_servers": [
        {
          "urls": [
            "stun:127.0.0.1:8090"
          ]
        },
        {
          "urls": [
            "turn:127.0.0.1:8090?transport=udp"
          ],
          "username": "1795532400:0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab",
          "credential": "c2VjcmV0"
        }
      ],
      "from": "",
      "returned": false,
      "need": "Besoin caf-rent",
      "language": "fr",
      "targets": []
    },
    "dropped": []
  }
] satisfies DeskView[];
