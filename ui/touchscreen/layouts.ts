// The letters of the on-screen keyboard, by language. To add one: three rows of at most twelve letters, as people of that
// language know them from their keyboards, and where the language has more letters than that, a second page of them.

export interface Layout {
  /** The rows from above, each letter once, in small letters. A row with shift and erase beside it is the last one. */
  letters: [string, string, string];
  /** A second page, by a touch of a key of its own: nobody has to hold a key down. Its name is what that key says. */
  more: { name: string; rows: [string, string, string] } | null;
  /** The letters have capitals. */
  capitals: boolean;
}

const french: Layout = {
  letters: ["azertyuiop", "qsdfghjklm", "wxcvbn’"],
  more: { name: "é à ç", rows: ["éèêëàâäæ", "îïôöœùûü", "çÿñ«»-"] },
  capitals: true,
};

const english: Layout = {
  letters: ["qwertyuiop", "asdfghjkl’", "zxcvbnm"],
  more: { name: "é ñ ü", rows: ["éèêëàâáä", "íîïóôöúùü", "çñœæß-"] },
  capitals: true,
};

/** Digits and signs, for all languages. */
export const digits: [string, string, string] = ["1234567890", "@#€%&*()+=", "-_/:;!?"];

const layouts: Record<string, Layout> = { fr: french, en: english };

/** The letters of a language, or of the language that its code begins with; else as in English. */
export function layout(language: string): Layout {
  return layouts[language] ?? layouts[language.split("-")[0]!] ?? english;
}
