/** A text that depends on a number, by the language's own plural forms (CLDR). "#" stands for the number. */
export function plural(language: string, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }): (n: number) => string {
  const rules = new Intl.PluralRules(language);
  return (n) => (forms[rules.select(n)] ?? forms.other).replace("#", String(n));
}

/** The time of day as most of Europe writes it: "9:05". */
export function clock(hour: number, minute: number): string {
  return `${hour}:${String(minute).padStart(2, "0")}`;
}
