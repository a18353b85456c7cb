// Written by `go test ./hub/desk -run TestViewsForTypeScript -update`; do not edit.

import type { DeskView } from "./desk";

export const deskViews = [
  {
    "seq": 1,
    "screen": "signed_out",
    "adviser": null,
    "available": false,
    "absent": false,
    "line": [],
    "call": null
  },
  {
    "seq": 1,
    "screen": "replaced",
    "adviser": null,
    "available": false,
    "absent": false,
    "line": [],
    "call": null
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
    "line": [],
    "call": null
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
    "line": [
      {
        "call": "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab",
        "site": "Espace Services Publics de Gien",
        "since_seconds": 70
      }
    ],
    "call": null
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
    "line": [],
    "call": null
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
    "line": [],
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
      ]
    }
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
    "line": [],
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
      ]
    }
  }
] satisfies DeskView[];
