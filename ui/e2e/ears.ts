// What somebody hears who does not see: the texts that the loudspeaker of a booth says, read where the simulated one shows
// them, which is when the first sound of a text is played.

import { expect, type Page } from "@playwright/test";

type Recorder = { said: string[]; pressed: number; took: number };

const spaces = (text: string) => text.replace(/\s+/g, " ");

export class Ears {
  constructor(private readonly page: Page) {}

  /** Writes down what is said, from now on; again after a reload. */
  async open(): Promise<void> {
    await this.page.evaluate(() => {
      const recorder: Recorder = { said: [], pressed: 0, took: 0 };
      Object.assign(window, { recorder });
      addEventListener("keydown", () => (recorder.pressed = performance.now()), { capture: true });
      let times = "0";
      const look = () => {
        const now = document.querySelector<HTMLElement>(".saying");
        if (!now || now.dataset["times"] === times) return;
        times = now.dataset["times"]!;
        recorder.said.push(now.textContent ?? "");
        recorder.took = performance.now() - recorder.pressed;
      };
      look(); // after a reload the first of it may be said already
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    });
  }

  /** All that was said. */
  said(): Promise<string[]> {
    return this.page.evaluate(() => (window as unknown as { recorder: Recorder }).recorder.said);
  }

  /** How long it took from the last key to the first sound of what was said last, in milliseconds. */
  took(): Promise<number> {
    return this.page.evaluate(() => (window as unknown as { recorder: Recorder }).recorder.took);
  }

  /** Waits until something is said after the first so many texts, and returns it. */
  async next(after: number, what = "something"): Promise<string> {
    await expect.poll(async () => (await this.said()).length, { message: `${what} is said`, timeout: 30_000 }).toBeGreaterThan(after);
    return spaces((await this.said()).at(-1)!);
  }

  /** Waits until the last that was said matches. */
  async expect(pattern: RegExp): Promise<void> {
    await expect.poll(async () => spaces((await this.said()).at(-1) ?? ""), { timeout: 30_000 }).toMatch(pattern);
  }

  /** Goes on, by whatever says the next item, until a text is heard that matches. */
  async find(forth: () => Promise<void>, pattern: RegExp): Promise<void> {
    const all: string[] = [];
    for (let i = 0; i < 30; i++) {
      const before = (await this.said()).length;
      await forth();
      const text = await this.next(before, "the next item");
      if (pattern.test(text)) return;
      all.push(text);
    }
    throw new Error(`${pattern} was not heard among:\n${all.join("\n")}`);
  }
}
