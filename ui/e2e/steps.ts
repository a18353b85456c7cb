// The steps that every story shares, in the citizen's and the adviser's words.

import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { rate, watch, type Stamp } from "./media";

/** By its id, as it is in any language. */
export const adviserPicture = "canvas#adviser";
export const ownPicture = '[aria-label="Vous"]';
export const citizenPicture = 'video[aria-label="Usager"]';

/** The tags of axe's rules for WCAG 2.2. With them come those that are off by themselves, such as target-size. */
export const wcag22 = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A rule that is left out: a call's picture has no captions to offer. */
export const inCall = ["video-caption"];

/** Axe finds nothing wrong, some rules left out. */
export async function accessible(page: Page, without: string[] = [], what?: string): Promise<void> {
  const axe = new AxeBuilder({ page }).withTags(wcag22).disableRules(without);
  expect((await axe.analyze()).violations, what).toEqual([]);
}

/** The citizen touches a partner and Appeler. */
export async function call(touchscreen: Page, short: string): Promise<void> {
  await touchscreen.getByRole("button", { name: new RegExp(`^${short}`) }).tap();
  await touchscreen.getByRole("button", { name: "Appeler" }).tap();
}

/** The adviser answers the ring. */
export async function answer(desk: Page): Promise<void> {
  await desk.getByRole("button", { name: "Répondre" }).click({ timeout: 20_000 });
}

/** Both see each other. */
export async function expectTalk(touchscreen: Page, desk: Page): Promise<void> {
  await expect(desk.locator(citizenPicture)).toBeVisible();
  await expect(touchscreen.locator(adviserPicture)).toBeVisible();
  await expect
    .poll(async () => (await watch(desk, citizenPicture, 500)).length, { timeout: 20_000, message: "the citizen's picture on the desk" })
    .toBeGreaterThan(3);
  await expect
    .poll(async () => (await watch(touchscreen, adviserPicture, 500)).length, { timeout: 20_000, message: "the adviser's picture on the touchscreen" })
    .toBeGreaterThan(3);
}

/** Frame numbers only ever grow: no picture is shown twice or out of order. */
export function expectAdvancing(stamps: Stamp[], picturesPerSecond: number): void {
  expect(rate(stamps), `pictures a second in ${JSON.stringify(stamps.slice(0, 3))}...`).toBeGreaterThanOrEqual(picturesPerSecond);
  for (let i = 1; i < stamps.length; i++) {
    expect(stamps[i]!.frame, "frame numbers advance").toBeGreaterThan(stamps[i - 1]!.frame);
  }
}

/** Home, or what it is while nobody is there. A call's farewell asks how it was first, for 20 s. */
export async function expectHome(touchscreen: Page): Promise<void> {
  await expect(touchscreen.getByRole("button", { name: /^CAF/ })).toBeVisible({ timeout: 45_000 });
}

/** The citizen chooses a language by its own name: "English". */
export async function speak(touchscreen: Page, name: string): Promise<void> {
  await touchscreen.locator("header .language:not(.ear)").tap();
  await touchscreen.getByRole("button", { name, exact: true }).tap();
}
