// Two booths and two desks of one partner: first come, first served.

import { expect, test } from "@playwright/test";
import { World } from "../rig";
import { answer, call, expectHome } from "../steps";

let world: World;
test.beforeEach(() => {
  world = new World();
});
test.afterEach(async () => {
  await world.close();
});

test("calls are served in the order of their arrival, over all desks", async () => {
  const gien = world.site("gien", (yaml) => yaml.replace(/^name: .*$/m, 'name: "Espace Services Publics de Gien"'));
  const patay = world.site("patay", (yaml) => yaml.replace(/^name: .*$/m, 'name: "Espace Services Publics de Patay"'));
  await world.startHub();
  const first = await world.touchscreen((await world.startBooth(gien)).url);
  const second = await world.touchscreen((await world.startBooth(patay, { port: 8081 })).url);

  await call(first, "CARSAT");
  await expect(first.getByText(/prochain|1re|première/i).first()).toBeVisible();
  await call(second, "CARSAT");
  await expect(second.getByText(/\b2\b/).first()).toBeVisible();

  // The first desk gets the older call, and only that one.
  const deskA = await world.desk("carsat");
  await expect(deskA.getByRole("button", { name: "Répondre" })).toBeVisible();
  await expect(deskA.getByRole("alertdialog").or(deskA.getByRole("dialog")).or(deskA.getByRole("alert")).filter({ hasText: "Gien" }).first()).toBeVisible();
  // While the first rings at A, a second desk of the same partner gets the second call.
  const account = await world.addAdviser("carsat", "carsat.deux");
  const deskB = await world.desk("carsat", {}, account);
  await expect(deskB.getByRole("alertdialog").or(deskB.getByRole("dialog")).or(deskB.getByRole("alert")).filter({ hasText: "Patay" }).first()).toBeVisible();

  await answer(deskB);
  await answer(deskA);
  await expect(first.getByRole("button", { name: "Raccrocher" })).toBeVisible();
  await expect(second.getByRole("button", { name: "Raccrocher" })).toBeVisible();

  // A third call waits until a desk is free, and then it is that desk that rings.
  await first.getByRole("button", { name: "Raccrocher" }).tap();
  await expectHome(first);
  await expect(deskA.getByRole("switch", { name: "Disponible" })).toBeChecked();
  await call(first, "CARSAT");
  await answer(deskA);
  await expect(first.getByRole("button", { name: "Raccrocher" })).toBeVisible();
});
