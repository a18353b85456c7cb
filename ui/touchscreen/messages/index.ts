import { en } from "./en";
import { fr, type Messages } from "./fr";

const all: Record<string, Messages> = { fr, en };

/** The texts in a language, or in French where there are none. */
export function messages(language: string): Messages {
  return all[language] ?? fr;
}

export type { Messages };
