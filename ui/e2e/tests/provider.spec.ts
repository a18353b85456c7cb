// Signing in by an OpenID Connect provider on another site, in a real browser:
// its cookie rules decide whether the way back works.

import { expect, test } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Process, root, World } from "../rig";
import { accessible } from "../steps";

test("provider: somebody signs in by it, lands where he wanted to go, and signs out at both", async () => {
  const world = new World();
  let provider: Process | undefined;
  try {
    provider = new Process("provider", "ip", ["netns", "exec", world.hubSide.name, "node", join(root, "ui/e2e/provider.mjs"), "9090"]);
    await provider.printed(/^provider: /m);
    const secret = join(world.directory, "secret");
    writeFileSync(secret, "secret\n", { mode: 0o600 });
    world.site("gien");
    // To a browser, localhost and 127.0.0.1 are different sites.
    await world.startHub([
      "-oidc-issuer", "http://127.0.0.1:9090", "-oidc-client", "hub", "-oidc-secret", secret, "-oidc-levels", "eidas1", "-public-url", "http://localhost:8090",
    ]);
    world.addAccount("petit", ["-role", "hotline", "-email", "camille.petit@loiret.fr"]);
    const page = await world.plain("hub", {});
    await page.goto("http://localhost:8090/hotline");
    const button = page.getByRole("link", { name: "Se connecter avec ProConnect" });
    await expect(button).toBeVisible();
    await accessible(page);
    await button.click();
    await page.getByLabel("Adresse").fill("inconnu@loiret.fr");
    await page.getByRole("button", { name: "Continuer" }).click();
    await expect(page.getByRole("alert")).toContainText("Aucun compte n’a cette adresse électronique");

    await page.goto("http://localhost:8090/hotline");
    await button.click();
    await page.getByLabel("Adresse").fill("Camille.Petit@loiret.fr");
    await page.getByRole("button", { name: "Continuer" }).click();
    await expect(page).toHaveURL("http://localhost:8090/hotline");
    await expect(page.getByRole("region", { name: "Bornes" }).getByText("Jamais vue")).toBeVisible();

    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await expect(page.getByText("Déconnexion")).toBeVisible();
    await page.getByRole("link", { name: "Retour" }).click();
    await expect(page).toHaveURL("http://localhost:8090/sign-in");
    await page.goto("http://localhost:8090/hotline");
    await expect(page).toHaveURL("http://localhost:8090/sign-in?then=%2Fhotline");
  } finally {
    await provider?.kill();
    await world.close();
  }
});
