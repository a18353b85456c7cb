// The monthly grid: what booths counted, read, printed, taken away, and completed by hand.

import { expect, test, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hubAddress, root, World } from "../rig";
import { accessible } from "../steps";

test.describe.configure({ mode: "serial" });

let world: World;
let page: Page;

const month = (back: number): string => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7);
};
/** Two months ago is published on any day of this one. */
const published = month(2);

interface Count {
  partner?: string;
  what: string;
  n: number;
}

/** Answered calls of a half day, with all that is counted with them. */
function calls(partner: string, n: number): Count[] {
  return [
    { partner, what: "call_wanted", n }, { partner, what: "call_answered", n },
    { partner, what: "wait_under_1_min", n }, { partner, what: "talk_5_to_15_min", n },
  ];
}

function bring(site: string, halfDays: Record<string, Count[]>): void {
  const binary = join(root, "build", "hub");
  const credentials = join(world.directory, `${site}.counts.creds`);
  writeFileSync(credentials, execFileSync(binary, ["booth", "credentials", "-state", join(world.directory, "hub"), site]), { mode: 0o600 });
  const lines = Object.entries(halfDays).map(([half_day, counts], i) => JSON.stringify({ half_day, batch: `${site.replace(/\W/g, "")}0000000000000000${i}`.slice(-20), counts }));
  world.hubSide.run("sh", "-c", `exec ${join(root, "build", "counts")} -hub ws://${hubAddress}:8090 -credentials ${credentials} -site ${site} <<'END'\n${lines.join("\n")}\nEND`);
}

test.beforeAll(async () => {
  execFileSync("go", ["build", "-o", join(root, "build", "counts"), "./ui/e2e/counts"], { cwd: root });
  world = new World();
  for (const [id, name] of [["gien", "Gien"], ["patay", "Patay"], ["lorris", "Lorris"]] as const) {
    world.site(id, (yaml) => yaml.replace(/^name: .*$/m, `name: "Espace Services Publics de ${name}"`));
  }
  await world.startHub();
  const sessions = (n: number): Count[] => [{ what: "session", n }, { what: "session_touch", n }, { what: "language_fr", n }];
  const open = (n: number): Count[] => [{ what: "open_quarter", n }];
  bring("gien", {
    [`${published}-05-am`]: [...sessions(60), ...open(200), ...calls("caf", 30), ...calls("cpam", 25), ...calls("cdad", 2)],
    [`${published}-06-pm`]: [...sessions(20), ...open(170), ...calls("caf", 12)],
    [`${month(1)}-03-am`]: sessions(9),
  });
  bring("patay", {
    [`${published}-05-am`]: [...sessions(48), ...open(380), ...calls("caf", 18), ...calls("cpam", 22), ...calls("cdad", 9)],
    [`${month(1)}-03-am`]: sessions(9),
  });
  bring("lorris", {
    [`${published}-07-am`]: [...sessions(31), ...open(390), ...calls("caf", 11), ...calls("cpam", 14), ...calls("cdad", 6)],
    [`${month(1)}-03-am`]: sessions(9),
  });
  page = await world.figures();
  await page.getByLabel("Mois", { exact: true }).selectOption(published);
});

test.afterAll(async () => {
  await world?.close();
});

async function picture(name: string): Promise<void> {
  const folder = join(root, "build", "figures");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: false });
}

const row = (title: string) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: title, exact: true }) });

test("the grid of the Département shows sums, and hides small numbers with all that gives them away", async () => {
  await expect(page.getByRole("table", { name: /^Département : / })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "CAF", exact: true })).toBeVisible();
  await expect(row("Appels demandés").getByRole("cell").first()).toHaveText("71");
  await expect(row("Utilisations de la borne").getByRole("cell").nth(5)).toHaveText("159");
  await expect(row("Heures promises").getByRole("cell").nth(5)).toContainText("h");
  await accessible(page);
  await expect(row("Visites de l’espace (saisie de l’agent)").getByRole("cell").nth(5)).toHaveText("–"); // nobody wrote any
  await picture("department");

  await page.getByLabel("Tableau", { exact: true }).selectOption("site");
  await page.getByLabel("Site", { exact: true }).selectOption("gien");
  await expect(page.getByRole("table", { name: /Gien : / })).toBeVisible();
  const gien = row("Appels demandés").getByRole("cell");
  await expect(gien.nth(0)).toHaveText("42");
  await expect(gien.nth(4)).toHaveText("s"); // CDAD, two calls
  const texts = await gien.allTextContents();
  expect(texts.slice(0, 6).filter((text) => text === "s").length, `one secret of a row is known by its total: ${texts.join(" ")}`).toBeGreaterThan(1);
  await accessible(page);
  await picture("site");
});

test("a partner's grid and all sites beside each other", async () => {
  await page.getByLabel("Tableau", { exact: true }).selectOption("partner");
  await page.getByLabel("Partenaire", { exact: true }).selectOption("caf");
  await expect(row("Appels demandés").getByRole("cell").nth(3)).toHaveText("71");
  await page.getByLabel("Tableau", { exact: true }).selectOption("sites");
  await expect(page.getByRole("columnheader", { name: /Patay/ })).toBeVisible();
  await expect(row("Utilisations de la borne").getByRole("cell").nth(3)).toHaveText("159");
  await accessible(page);
  await picture("sites");
});

test("the grid is taken away as CSV and for Excel", async () => {
  for (const [name, begins] of [["Télécharger en CSV", "\ufeffDépartement, par site : "], ["Télécharger pour Excel (XLSX)", "PK"]] as const) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^grille-${published}-sites\\.(csv|xlsx)$`));
    const text = readFileSync(await download.path(), "utf8");
    expect(text.slice(0, begins.length)).toBe(begins);
    if (begins !== "PK") expect(text).toMatch(/;Utilisations de la borne;.*;159;/);
  }
});

test("on paper there is the table alone", async () => {
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("table")).toBeVisible();
  await expect(page.getByRole("button", { name: "Imprimer" })).toBeHidden();
  await expect(page.getByText("Choisir une grille")).toBeHidden();
  await picture("print");
  await page.emulateMedia({ media: "screen" });
});

test("an agent writes rows by hand until the month is published", async () => {
  await page.getByLabel("Tableau", { exact: true }).selectOption("site");
  await page.getByLabel("Site", { exact: true }).selectOption("patay");
  await page.getByLabel("Mois", { exact: true }).selectOption(month(0));
  await expect(page.getByText(/^Ce mois n’est pas encore publié. Il le sera à partir du/)).toBeVisible();
  const visits = page.getByLabel(/Visites de l’espace/);
  await visits.fill("douze");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByText(/écrivez un nombre entier/)).toBeVisible();
  await expect(visits).toBeFocused();
  await visits.fill("1 240");
  await page.getByLabel(/Accès au droit/).fill("12");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByText("Enregistré.")).toBeVisible();
  await expect(page.getByText(/^Saisi par manager\.demo le/)).toHaveCount(2);
  await accessible(page);
  await picture("form");
  await page.reload();
  await page.getByLabel("Tableau", { exact: true }).selectOption("site");
  await page.getByLabel("Site", { exact: true }).selectOption("patay");
  await page.getByLabel("Mois", { exact: true }).selectOption(month(0));
  await expect(visits).toHaveValue("1240");
  await page.getByLabel("Mois", { exact: true }).selectOption(published);
  await expect(page.getByRole("table")).toBeVisible();
  await expect(page.getByRole("button", { name: "Enregistrer" })).toHaveCount(0);
});
