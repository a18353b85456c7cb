// Those who work with the hub: signing in, each to his own page, and the
// administrators' page of accounts, by keyboard alone.

import { expect, test, type Page } from "@playwright/test";
import { Alone, signIn, type Account } from "../rig";
import { accessible } from "../steps";

test.describe.configure({ mode: "serial" });

let world: Alone;
let administrator: Page;
/** The account that the administrator makes. */
const petit: Account = { user: "accueil.1", password: "" };

test.beforeAll(async () => {
  world = new Alone();
  await world.startDemo();
});
test.afterAll(async () => {
  await world?.close();
});

const address = (page: string) => new URL(page, world.urls["desk"]!).href;

test("accounts: each role lands on its own page, and on no other's", async () => {
  for (const [who, path] of [["caf", "/desk"], ["hotline", "/hotline"], ["administrator", "/accounts"], ["manager", "/figures"]] as const) {
    const page = await world.open(address("/"));
    await expect(page).toHaveURL(address("/sign-in"));
    await signIn(page, world.accounts[who]!);
    await expect(page).toHaveURL(address(path));
    if (who === "hotline") {
      expect((await page.goto(address("/accounts")))!.status()).toBe(403);
    }
    await page.close();
  }
});

test("accounts: the sign-in leads to the page that was wanted, and a wrong password to nothing", async () => {
  const page = await world.open(address("/audit"));
  await expect(page).toHaveURL(address("/sign-in?then=%2Faudit"));
  await expect(page.getByRole("heading", { name: "Connexion" })).toBeVisible();
  await accessible(page);
  await signIn(page, { user: "administrator.demo", password: "faux" });
  await expect(page.getByRole("alert")).toHaveText("Identifiant ou mot de passe incorrect.");
  await accessible(page);
  await signIn(page, world.accounts["administrator"]!);
  await expect(page).toHaveURL(address("/audit"));
  await expect(page.getByRole("heading", { name: "Journal" })).toBeVisible();
  // A signed-in browser that comes to the sign-in is sent on.
  await page.goto(address("/sign-in"));
  await expect(page).toHaveURL(address("/accounts"));
  administrator = page;
});

test("accounts: an administrator adds one by keyboard, and sees its password once", async () => {
  const page = administrator;
  const key = (k: string) => page.keyboard.press(k);
  await page.getByRole("button", { name: "Ajouter un compte" }).focus();
  await key("Enter");
  await expect(page.getByLabel("Identifiant")).toBeFocused();
  await page.keyboard.type("Accueil 1");
  await key("Tab");
  await page.keyboard.type("Mme Petit");
  await key("Tab");
  await expect(page.getByLabel("Rôle")).toBeFocused();
  await page.keyboard.type("Agent");
  await expect(page.getByLabel("Site")).toBeVisible();
  await accessible(page);
  await page.getByLabel("Nom affiché").press("Enter");
  await expect(page.getByRole("alert")).toHaveText("L’identifiant n’a pas la bonne forme.");
  await expect(page.getByLabel("Identifiant")).toBeFocused();
  await page.getByLabel("Identifiant").fill(petit.user);
  await key("Enter");
  const heading = page.getByRole("heading", { name: "Mot de passe à usage unique de Mme Petit" });
  await expect(heading).toBeFocused();
  await accessible(page);
  petit.password = (await page.locator(".secret").textContent())!;
  expect(petit.password).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
  await key("Tab");
  await key("Enter");
  await expect(heading).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Ajouter un compte" })).toBeFocused();
  await expect(page.getByRole("row", { name: /Mme Petit/ })).toContainText("usage unique");
  await page.reload();
  await expect(page.getByRole("row", { name: /Mme Petit/ })).toContainText("Agent d’accueil");
  expect(await page.content()).not.toContain(petit.password);
});

test("accounts: the one-time password has to be changed, and the new one works", async () => {
  const page = await world.open(address("/"));
  await signIn(page, petit);
  await expect(page).toHaveURL(address("/password"));
  await page.goto(address("/hotline"));
  await expect(page).toHaveURL(address("/password"));
  await expect(page.getByText("mot de passe à usage unique")).toBeVisible();
  await accessible(page);
  const mine = "une phrase que je retiens";
  const change = async (again: string) => {
    await page.getByLabel("Mot de passe actuel").fill(petit.password);
    await page.getByLabel("Nouveau mot de passe", { exact: true }).fill(mine);
    await page.getByLabel("une seconde fois").fill(again);
    await page.keyboard.press("Enter");
  };
  await change("autre chose");
  await expect(page.getByRole("alert")).toContainText("diffèrent");
  await accessible(page);
  await change(mine);
  await expect(page).toHaveURL(address("/figures"));
  petit.password = mine;
});

test("accounts: what an administrator takes away is gone at once, and on record", async () => {
  const page = await world.open(address("/"));
  await signIn(page, petit);
  await expect(page).toHaveURL(address("/figures"));
  await page.waitForLoadState("networkidle"); // what it still asked for would be refused, and lead to the sign-in
  administrator.on("dialog", (dialog) => void dialog.accept());
  await administrator.getByRole("button", { name: "Désactiver Mme Petit" }).click();
  await expect(administrator.getByRole("row", { name: /Mme Petit/ })).toContainText("désactivé");
  await page.goto(address("/password"));
  await expect(page).toHaveURL(address("/sign-in?then=%2Fpassword"));
  await signIn(page, petit);
  await expect(page.getByRole("alert")).toHaveText("Identifiant ou mot de passe incorrect.");

  await administrator.getByRole("link", { name: "Journal" }).click();
  const rows = administrator.getByRole("row");
  await expect(rows.nth(1)).toContainText("Compte désactivé");
  await expect(rows.nth(1)).toContainText("administrator.demo");
  await expect(rows.nth(1)).toContainText(`compte ${petit.user}, rôle Agent d’accueil, site demonstration`);
  await accessible(administrator);
  await administrator.getByLabel("Personne").fill(petit.user);
  await administrator.getByRole("button", { name: "Afficher" }).click();
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText("Mot de passe changé");
});

test("accounts: signing out ends the session", async () => {
  await administrator.getByRole("button", { name: "Se déconnecter" }).click();
  await expect(administrator).toHaveURL(address("/sign-in"));
  await administrator.goto(address("/accounts"));
  await expect(administrator).toHaveURL(address("/sign-in?then=%2Faccounts"));
});
