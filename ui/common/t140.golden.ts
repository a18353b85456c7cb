// Written by `go test ./kiosk/call/t140 -run TestReadingsForTypeScript -update`; do not edit.

export const readings = [
  {
    "name": "nothing",
    "blocks": [
      ""
    ],
    "text": ""
  },
  {
    "name": "a session begins",
    "blocks": [
      "﻿Bonjour"
    ],
    "text": "Bonjour"
  },
  {
    "name": "a mark to keep the way open",
    "blocks": [
      "a",
      "﻿",
      "b"
    ],
    "text": "ab"
  },
  {
    "name": "letters of four bytes",
    "blocks": [
      "é́ 日本 👍🏽"
    ],
    "text": "é́ 日本 👍🏽"
  },
  {
    "name": "a character is taken back",
    "blocks": [
      "Bonk",
      "\bj"
    ],
    "text": "Bonk\bj"
  },
  {
    "name": "a new line",
    "blocks": [
      "a\u2028b"
    ],
    "text": "a\nb"
  },
  {
    "name": "a new paragraph",
    "blocks": [
      "a\u2029b"
    ],
    "text": "a\nb"
  },
  {
    "name": "the old new line",
    "blocks": [
      "a\r\nb"
    ],
    "text": "a\nb"
  },
  {
    "name": "the old new line in two blocks",
    "blocks": [
      "a\r",
      "\nb"
    ],
    "text": "a\nb"
  },
  {
    "name": "two carriage returns",
    "blocks": [
      "a\r\rb"
    ],
    "text": "a\n\nb"
  },
  {
    "name": "a line feed alone",
    "blocks": [
      "a\nb"
    ],
    "text": "a\nb"
  },
  {
    "name": "a tabulator",
    "blocks": [
      "a\tb"
    ],
    "text": "a b"
  },
  {
    "name": "a bell",
    "blocks": [
      "a\u0007b"
    ],
    "text": "ab"
  },
  {
    "name": "a rendition",
    "blocks": [
      "a1;31mb0mc"
    ],
    "text": "abc"
  },
  {
    "name": "a rendition in the old form",
    "blocks": [
      "a\u001b[1mb"
    ],
    "text": "ab"
  },
  {
    "name": "a rendition in two blocks",
    "blocks": [
      "a3",
      "1mb"
    ],
    "text": "ab"
  },
  {
    "name": "a rendition that breaks off",
    "blocks": [
      "a31\u2028b"
    ],
    "text": "a\nb"
  },
  {
    "name": "a rendition in a rendition",
    "blocks": [
      "a31mb"
    ],
    "text": "ab"
  },
  {
    "name": "an interrupt",
    "blocks": [
      "a\u001bab"
    ],
    "text": "ab"
  },
  {
    "name": "another escape",
    "blocks": [
      "a\u001b\u001bcb"
    ],
    "text": "ab"
  },
  {
    "name": "a protocol's string",
    "blocks": [
      "asecretb"
    ],
    "text": "ab"
  },
  {
    "name": "a protocol's string in two blocks",
    "blocks": [
      "asec",
      "retb"
    ],
    "text": "ab"
  },
  {
    "name": "a protocol's string in the old form",
    "blocks": [
      "a\u001bXse\u001bcret\u001b\\b"
    ],
    "text": "ab"
  },
  {
    "name": "a command of a device",
    "blocks": [
      "aqb"
    ],
    "text": "ab"
  },
  {
    "name": "a string without an end",
    "blocks": [
      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    ],
    "text": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
  },
  {
    "name": "a sequence without an end",
    "blocks": [
      "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    ],
    "text": "000000000000000000000000000000000000000000000"
  },
  {
    "name": "lost text",
    "blocks": [
      "a�b"
    ],
    "text": "a�b"
  },
  {
    "name": "other controls",
    "blocks": [
      "a\u0000\u0001b"
    ],
    "text": "ab"
  }
] satisfies { name: string; blocks: string[]; text: string }[];
