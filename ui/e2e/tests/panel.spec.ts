// A booth whose panel stands upright: its controls are low, the citizen puts
// them up, and there they stay through reloads; a hand that trembles does not
// call anybody.

import { expect, test, type Page } from "@playwright/test";
import { pause, World } from "../rig";
import { expectHome } from "../steps";

test.describe.configure({ mode: "serial" });

const panel = { width: 1080, height: 1920 };
const trembles = 2000; // milliseconds, so that a busy machine's two touches are one hand's
let world: World;
let touchscreen: Page;

test.beforeAll(async () => {
  world = new World();
  const site = world.site("gien", (yaml) => yaml.replace(/^devices:\n/m, `devices:\n  panel: {width_mm: 268, height_mm: 476, rotation: 90, double_touch_ms: ${trembles}}\n`));
  await world.startHub();
  const booth = await world.startBooth(site);
  touchscreen = await world.touchscreen(booth.url, panel);
});

test.afterAll(async () => {
  await world?.close();
});

/** How far down the highest control is, as a part of the panel. */
const highest = () => touchscreen.evaluate(() => Math.min(...[...document.querySelectorAll("button")].map((b) => b.getBoundingClientRect().top)) / innerHeight);
const low = async () => expect.poll(highest, { message: "the controls are low" }).toBeGreaterThanOrEqual(0.595); // the page of a booth that nobody uses moves by some pixels
const high = async () => expect.poll(highest, { message: "the controls are all over the panel" }).toBeLessThan(0.2);
const button = (name: string | RegExp) => touchscreen.getByRole("button", { name });

test("panel: the controls of an upright panel are low, and a millimetre is one", async () => {
  await expectHome(touchscreen);
  await low();
  const height = (await button("Plus haut").boundingBox())!.height;
  expect(height / (panel.height / 476), "millimetres").toBeGreaterThanOrEqual(15);
});

test("panel: the controls go up by a touch and stay there, whatever comes, and however often the page is reloaded", async () => {
  await button("Plus haut").tap();
  await high();
  const again = async (see: () => Promise<void>) => {
    await see();
    await high();
    await touchscreen.reload();
    await see();
    await high();
  };
  await again(() => expectHome(touchscreen));
  await button(/^CAF/).tap();
  await again(() => expect(button("Appeler")).toBeVisible());
  await pause(trembles);
  await button("Appeler").tap();
  await again(() => expect(touchscreen.getByText("Vous êtes le prochain")).toBeVisible());
  await pause(trembles);
  await button("Annuler").tap();
  await again(() => expectHome(touchscreen));
  await pause(trembles);
  await button("Plus bas").tap();
  await low();
});

test("panel: a touch that trembles opens a partner's page and does not call", async () => {
  await expectHome(touchscreen);
  // A partner whose "Appeler" comes to lie where its own tile was.
  let place: readonly [number, number] | undefined;
  for (const short of ["CDAD", "ADIL-EIE", "CARSAT", "CPAM", "CAF"]) {
    await button(new RegExp(`^${short}`)).tap();
    await expect(button("Appeler")).toBeVisible();
    const b = (await button("Appeler").boundingBox())!;
    const at = [b.x + b.width / 2, b.y + b.height / 4] as const;
    await pause(trembles);
    await button("Retour").tap();
    await expectHome(touchscreen);
    const under = await touchscreen.evaluate(([x, y]) => document.elementFromPoint(x!, y!)?.closest("button")?.textContent ?? "", [...at]);
    if (under.startsWith(short)) {
      place = at;
      break;
    }
    await pause(trembles);
  }
  if (!place) throw new Error("no partner's tile lies where its page has \"Appeler\"");
  await pause(trembles);
  await touchscreen.touchscreen.tap(...place);
  await expect(button("Appeler")).toBeVisible();
  await touchscreen.touchscreen.tap(...place);
  await pause(trembles);
  await expect(button("Appeler"), "nobody is called").toBeVisible();
  await touchscreen.touchscreen.tap(...place);
  await expect(button("Annuler"), "a touch that is meant").toBeVisible();
});
