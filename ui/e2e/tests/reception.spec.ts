// The site's agent, at their own screen beside the booth's room: calls a partner for
// somebody, and takes part in the call once that person has agreed.

import { expect, test, type Page } from "@playwright/test";
import { join } from "node:path";
import { Alone, pause, signIn } from "../rig";
import { accessible, adviserPicture, answer, citizenPicture, expectHome } from "../steps";

test.describe.configure({ mode: "serial" });

let world: Alone;
let touchscreen: Page;

test.beforeAll(async () => {
  world = new Alone();
  await world.startDemo();
  touchscreen = await world.touchscreen();
  await expectHome(touchscreen);
});

test.afterAll(async () => {
  await world?.close();
});

const picture = (page: Page, what: string) => page.screenshot({ path: join(test.info().project.outputDir, `reception-${what}.png`) });

test("an agent calls for somebody, and takes part with their consent", async () => {
  const desk = await world.desk("caf");
  const agent = await world.open(world.urls["hotline"]!.replace("/hotline", "/reception"));
  await signIn(agent, world.accounts["agent demonstration"]!);
  await expect(agent.getByText("La borne est libre.")).toBeVisible();
  await expect(agent.getByRole("button", { name: "Proposer mon aide" })).toBeDisabled();
  await accessible(agent);
  await picture(agent, "free");

  await agent.getByRole("button", { name: "Appeler CAF" }).press("Enter");
  await expect(touchscreen.getByText("L’agent d’accueil appelle pour vous")).toBeVisible();
  await answer(desk);
  await expect(desk.locator(citizenPicture)).toBeVisible();
  await expect(touchscreen.locator(adviserPicture)).toBeVisible();
  await expect(touchscreen.locator(".overlay")).toHaveCount(0, { timeout: 30_000 }); // both are connected
  await agent.getByRole("button", { name: "Proposer mon aide" }).click();
  const question = touchscreen.getByRole("alertdialog", { name: "L’agent d’accueil propose de vous aider" });
  await expect(question).toBeVisible();
  await expect(agent.getByText("La question est posée à l’écran de la borne…")).toBeVisible();
  await expect(desk.getByText("L’agent d’accueil du site est à côté")).toHaveCount(0);
  await accessible(touchscreen);
  await picture(touchscreen, "question");
  await pause(900); // the question takes no finger at once
  await question.getByRole("button", { name: "Accepter" }).tap();
  await expect(desk.getByText("L’agent d’accueil du site est à côté de l’usager, avec son accord")).toBeVisible();
  await expect(touchscreen.getByText("L’agent d’accueil est avec vous")).toBeVisible();
  await expect(agent.getByText("La personne a accepté : rejoignez-la.")).toBeVisible();
  await picture(agent, "there");
  await agent.getByRole("button", { name: "Je quitte l’appel" }).click();
  await expect(desk.getByText("L’agent d’accueil du site est à côté")).toHaveCount(0);
  await touchscreen.getByRole("button", { name: "Raccrocher" }).tap();
  await expect(touchscreen.getByRole("heading", { name: "Merci de votre visite" })).toBeVisible();
  await pause(900); // nor does the farewell
  await touchscreen.getByRole("button", { name: "Retour à l’accueil" }).tap();
  await expect(agent.getByText("La borne est libre.")).toBeVisible({ timeout: 20_000 });
});
