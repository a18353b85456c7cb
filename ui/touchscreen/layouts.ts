// The letters of the on-screen keyboard, by language. To add one: the rows as people of that language know them from their
// keyboards, ten letters in each at most and room for shift and erase beside the last, so that a key is 15 mm wide on seven
// inches; the letters that a language uses least are on a second page. messages.spec.ts looks whether all that the language's
// own texts are written with can be typed.

export interface Layout {
  /** The rows from above, each letter once, in small letters. A row with shift and erase beside it is the last one. */
  letters: [string, string, string];
  /** A second page, by a touch of a key of its own: nobody has to hold a key down. Its name is what that key says. */
  more: { name: string; rows: [string, string, string] } | null;
  /** The letters have capitals. */
  capitals: boolean;
  /** The name of letters that are not Latin; null where they are. Names and addresses in France are written in Latin ones, to
      which a key in the comma's place leads, and back: such a layout has its comma on the second page. */
  script: string | null;
}

const french: Layout = {
  letters: ["azertyuiop", "qsdfghjklm", "wxcvbn’"],
  more: { name: "é à ç", rows: ["éèêëàâäæ", "îïôöœùûü", "çÿñ«»-"] },
  capitals: true,
  script: null,
};

const english: Layout = {
  letters: ["qwertyuiop", "asdfghjkl’", "zxcvbnm"],
  more: { name: "é ñ ü", rows: ["éèêëàâáä", "íîïóôöúùü", "çñœæß-"] },
  capitals: true,
  script: null,
};

const spanish: Layout = {
  letters: ["qwertyuiop", "asdfghjklñ", "zxcvbnm"],
  more: { name: "á é ¿", rows: ["áéíóúü", "¿¡ç", "«»’-"] },
  capitals: true,
  script: null,
};

const portuguese: Layout = {
  letters: ["qwertyuiop", "asdfghjklç", "zxcvbnm"],
  more: { name: "á ã ê", rows: ["áâãàéê", "íóôõúü", "«»’-ºª"] },
  capitals: true,
  script: null,
};

const romanian: Layout = {
  letters: ["qwertyuiop", "asdfghjklă", "zxcvbnm"],
  more: { name: "â î ș", rows: ["âîșț", "„”", "«»’-"] },
  capitals: true,
  script: null,
};

// Without q, w and x, which Turkish does not use, there is room for all of its letters but two.
const turkish: Layout = {
  letters: ["ertyuıopğü", "asdfghklşi", "zcvbnmç"],
  more: { name: "ö j q", rows: ["öjqwx", "âîû", "“”’-"] },
  capitals: true,
  script: null,
};

const ukrainian: Layout = {
  letters: ["йцукенгшзх", "івапролджб", "ячсмить"],
  more: { name: "щ ї ю", rows: ["щїєюфґ", "’«»-", "“”,"] },
  capitals: true,
  script: "а б в",
};

const arabic: Layout = {
  letters: ["ضصثقفغعهخح", "شسيبلاتنمك", "ةىورزدجط"],
  more: { name: "أ ذ ،", rows: ["أإآءئؤذظ", "،؛؟", "«»-"] },
  capitals: false,
  script: "أ ب",
};

/** The Latin letters beside those of another script: as on keyboards in France. */
export const latin = { name: "a b c", layout: french };

/** Digits and signs, for all languages. */
export const digits: [string, string, string] = ["1234567890", "@#€%&*()+=", "-_/:;!?"];

const layouts: Record<string, Layout> = {
  fr: french, en: english, es: spanish, pt: portuguese, ro: romanian, tr: turkish, uk: ukrainian, ar: arabic,
};

/** The letters of a language, or of the language that its code begins with; else as in English. */
export function layout(language: string): Layout {
  return layouts[language] ?? layouts[language.split("-")[0]!] ?? english;
}
