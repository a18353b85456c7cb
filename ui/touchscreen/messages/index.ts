import { ar } from "./ar";
import { en } from "./en";
import { es } from "./es";
import { fr, type Messages } from "./fr";
import { simple } from "./fr-simple";
import { pt } from "./pt";
import { ro } from "./ro";
import { tr } from "./tr";
import { uk } from "./uk";

/** The languages of the touchscreen, by their BCP 47 tags; config/site.go has the same. */
const languages = { fr, "fr-simple": simple, en, ar, es, pt, ro, tr, uk } satisfies Record<string, Messages>;
export type Language = keyof typeof languages;
export const all: Record<string, Messages> = languages;

/** The texts in a language, or in French where there are none. */
export function messages(language: string): Messages {
  return all[language] ?? fr;
}

/** Which way a language is written. */
export function direction(language: string): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}

/** The locale in which days are written. Most who read Arabic in France learned it where digits are Western ones. */
export function locale(language: string): string {
  return language === "ar" ? "ar-u-nu-latn" : language;
}

export type { Messages };
