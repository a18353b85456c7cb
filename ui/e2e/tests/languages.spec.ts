// The touchscreen in its nine languages: no text is cut on any screen, an Arabic visitor chooses the language by its own
// name and makes a call from right to left, easy French is as easy, what is thought of a call is counted, and the waiting
// screen costs nobody a touch.

import { chromium, expect, test, type Browser, type Page } from "@playwright/test";
import { deflateSync } from "node:zlib";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gallery, type Gallery } from "../gallery-server";
import { pause, root, World } from "../rig";
import { accessible, answer, call, expectHome, speak } from "../steps";

test.describe("the gallery", () => {
  let browser: Browser;
  let pages: Gallery;
  let page: Page;

  test.beforeAll(async () => {
    pages = await gallery();
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
    // The waiting screen then keeps to the language that is asked for.
    page = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
    await page.goto(pages.url);
    await page.evaluate(() => Promise.all([...document.fonts].map((f) => f.load())));
  });

  test.afterAll(async () => {
    await browser?.close();
    pages?.close();
  });

  for (const [width, height] of [[800, 480], [1280, 800]] as const) {
    test(`no text is cut in any language at ${width}x${height}`, async () => {
      await page.setViewportSize({ width, height });
      const cut = await page.evaluate(async () => {
        const { views, languages } = document.documentElement.dataset;
        const found: string[] = [];
        /** Where a text must stay: the window, and whatever hides or frames what is in it. */
        const frames = (element: Element): Element[] => {
          const all: Element[] = [];
          for (let e: Element | null = element; e && e !== document.body; e = e.parentElement) {
            const style = getComputedStyle(e);
            if (e.tagName === "BUTTON" || /hidden|clip/.test(style.overflow)) all.push(e);
          }
          return all;
        };
        /** What is seen of a box: above the zones of the spoken mode the page rolls, and what is out of sight is cut by design. */
        const seen = (element: Element, box: DOMRect): DOMRect => {
          const page = element.closest("#root:has(.zones) main")?.getBoundingClientRect();
          if (!page) return box;
          const [top, bottom] = [Math.max(box.top, page.top), Math.min(box.bottom, page.bottom)];
          return new DOMRect(box.left, top, box.width, Math.max(0, bottom - top));
        };
        for (const language of languages!.split(" ")) {
          for (let index = 0; index < Number(views); index++) {
            const shown = new Promise((done) => addEventListener("hashchange", done, { once: true }));
            location.hash = `index=${index}&language=${language}`;
            await shown;
            // What a technician reads is for technicians, and is tested with their pages.
            if (/technician|enrolment/.test(document.documentElement.dataset["screen"]!)) continue;
            const buttons = [...document.querySelectorAll("button")].map((b) => ({ b, box: seen(b, b.getBoundingClientRect()) }));
            // No button lies on another, but for what covers the whole page.
            for (const [i, one] of buttons.entries()) {
              const other = buttons.slice(i + 1).find(({ b, box }) => b.closest(".overlay, .still-there") === one.b.closest(".overlay, .still-there") && b.checkVisibility() && one.b.checkVisibility()
                && Math.min(box.right, one.box.right) - Math.max(box.left, one.box.left) > 1 && Math.min(box.bottom, one.box.bottom) - Math.max(box.top, one.box.top) > 1);
              if (other) found.push(`${language} ${index} ${document.documentElement.dataset["screen"]}: the button ${one.b.textContent} on the button ${other.b.textContent}`);
            }
            const walker = document.createTreeWalker(document.getElementById("root")!, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
              const element = node.parentElement!;
              // Hidden, for ears only, or cut by design: what a partner is for has its own page, and a conversation rolls on.
              if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".announcer, .tile .about, .lines p") || getComputedStyle(element).clipPath === "inset(50%)") continue;
              const range = document.createRange();
              range.selectNodeContents(node);
              for (const whole of range.getClientRects()) {
                const r = seen(element, whole);
                if (r.width === 0 || r.height === 0) continue;
                // A line box of a tall script may stand out of its frame by what is between the lines, never the letters.
                const slack = 1 + r.height * 0.12;
                const out = [...frames(element).map((e) => ({ of: e.className || e.tagName, box: e.getBoundingClientRect() })), { of: "window", box: new DOMRect(0, 0, innerWidth, innerHeight) }]
                  .find(({ box }) => r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - slack || r.bottom > box.bottom + slack);
                // Nor may it lie on, or under, a button that it does not belong to; what a question covers as a whole is no matter.
                const met = buttons.find(({ b, box }) => {
                  const [left, right, top, bottom] = [Math.max(r.left, box.left), Math.min(r.right, box.right), Math.max(r.top, box.top), Math.min(r.bottom, box.bottom)];
                  return !b.contains(element) && right - left > 2 && bottom - top > 1 + slack && !document.elementFromPoint((left + right) / 2, (top + bottom) / 2)?.closest(".overlay, .still-there, .dark");
                });
                if (out || met) {
                  found.push(`${language} ${index} ${document.documentElement.dataset["screen"]}: "${node.textContent}" ${out ? `out of ${out.of}` : `on the button ${met!.b.textContent}`}`);
                  break;
                }
              }
            }
          }
        }
        return found;
      });
      expect(cut.slice(0, 40)).toEqual([]);
    });
  }

  test("the Loiret's groups and needs fit their buttons in every language", async () => {
    const [, groups, needs] = readFileSync(join(root, "config/loiret/partners.yaml"), "utf8").split(/^(?:groups|needs):$/m);
    const items = (part: string) => part.split(/^  - id: /m).slice(1).map((item) => ({
      group: /^    group: (\S+)/m.exec(item)?.[1] ?? item.split("\n")[0]!,
      text: Object.fromEntries([...item.matchAll(/^      ([a-z-]+): "(.*)"$/gm)].map(([, language, text]) => [language!, text!])),
    }));
    const all = { groups: items(groups!), needs: items(needs!) };
    expect([all.groups.length, all.needs.length]).toEqual([5, 44]);
    for (const [width, height] of [[800, 480], [1280, 800]] as const) {
      await page.setViewportSize({ width, height });
      const cut = await page.evaluate(async (all) => {
        const { views, languages } = document.documentElement.dataset;
        const found: string[] = [];
        const fits = (what: string, language: string, texts: Element[], of: Record<string, string>[]) => {
          if (texts.length !== of.length) found.push(`${what} has ${texts.length} buttons for ${of.length} texts`);
          texts.forEach((e, i) => (e.textContent = of[i]![language] ?? of[i]!["fr"]!));
          dispatchEvent(new Event("resize")); // it is fitted anew
          for (const e of texts) {
            const button = e.closest("button")!;
            const [own, frame] = [button.getBoundingClientRect(), button.parentElement!.getBoundingClientRect()];
            const range = document.createRange();
            range.selectNodeContents(button);
            for (const r of range.getClientRects()) {
              const slack = 1 + r.height * 0.12;
              if (r.left < own.left - 1 || r.right > own.right + 1 || r.top < own.top - slack || r.bottom > Math.min(own.bottom, frame.bottom, innerHeight) + slack) {
                found.push(`${language} ${what}: "${e.textContent}"`);
                break;
              }
            }
          }
        };
        for (const language of languages!.split(" ")) {
          for (let index = 0; index < Number(views); index++) {
            const shown = new Promise((done) => addEventListener("hashchange", done, { once: true }));
            location.hash = `index=${index}&language=${language}&for=needs`;
            await shown;
            if (document.querySelector(".zones")) continue; // there the page rolls
            const names = [...document.querySelectorAll(".group span")];
            if (names.length > 0) fits(`${index} home`, language, names, all.groups.map((g) => g.text));
            const list = document.querySelector("ul.needs");
            for (const g of list ? all.groups : []) {
              const of = all.needs.filter((n) => n.group === g.group).map((n) => n.text);
              const first = list!.querySelector("li")!;
              list!.replaceChildren(...of.map(() => first.cloneNode(true)));
              fits(`${index} ${g.group}`, language, [...list!.querySelectorAll(".text")], of);
            }
          }
        }
        return found;
      }, all);
      expect(cut.slice(0, 40), `${width}x${height}`).toEqual([]);
    }
  });

  test("the document says its language and runs its way; what points is mirrored, numbers are not", async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${pages.url}?index=6&language=ar`);
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    await expect(page.locator("html")).toHaveAttribute("lang", "ar");
    const [back, ahead] = await Promise.all([page.getByRole("button", { name: "رجوع" }).boundingBox(), page.getByRole("button", { name: "اتصال" }).boundingBox()]);
    expect(back!.x, "the way back lies at the beginning of the line").toBeGreaterThan(ahead!.x);
    expect(await page.locator(".icon.pointing").first().evaluate((e) => getComputedStyle(e).transform)).toBe("matrix(-1, 0, 0, 1, 0, 0)");
    // A telephone number keeps its order in a line that runs the other way.
    const failed = await page.evaluate(async () => {
      for (let index = 0; index < Number(document.documentElement.dataset["views"]); index++) {
        const shown = new Promise((done) => addEventListener("hashchange", done, { once: true }));
        location.hash = `index=${index}&language=ar`;
        await shown;
        if (document.documentElement.dataset["screen"] !== "closed") continue;
        const number = [...document.querySelectorAll("dd.digits")].find((e) => e.textContent === "02 38 62 47 07")!.firstChild!;
        const at = (from: number) => {
          const range = document.createRange();
          range.setStart(number, from);
          range.setEnd(number, from + 1);
          return range.getBoundingClientRect().left;
        };
        return at(0) < at(13);
      }
      return null;
    });
    expect(failed, "02 stands left of 07").toBe(true);
  });

  test("choosing, asking and waiting are accessible (axe)", async () => {
    const wanted = ["covered", "question", "attract"];
    for (const language of ["fr-simple", "ar", "uk"]) {
      for (const what of wanted) {
        const found = await page.evaluate(async ([language, what]) => {
          for (let index = 0; index < Number(document.documentElement.dataset["views"]); index++) {
            const shown = new Promise((done) => addEventListener("hashchange", done, { once: true }));
            location.hash = `index=${index}&language=${language}&for=${what}`;
            await shown;
            if (document.querySelector(`.${what}`)) return index;
          }
          return -1;
        }, [language, what] as const);
        expect(found, `a view with .${what}`).toBeGreaterThanOrEqual(0);
        await accessible(page, [], `${language} ${what}`);
      }
    }
  });
});

test.describe("a visitor", () => {
  test.describe.configure({ mode: "serial" });

  let world: World;
  let touchscreen: Page;
  let desk: Page;

  /** A grey PNG of that size (PNG, third edition). */
  function png(width: number, height: number): Buffer {
    const table = Array.from({ length: 256 }, (_, n) => {
      for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
      return n >>> 0;
    });
    const chunk = (type: string, data: Buffer) => {
      const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
      let crc = 0xffffffff;
      for (const byte of body) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
      const ends = Buffer.alloc(8);
      ends.writeUInt32BE(data.length, 0);
      ends.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4);
      return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
    };
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header[8] = 8; // bits of grey
    const lines = Buffer.alloc((width + 1) * height, 0x90);
    for (let y = 0; y < height; y++) lines[y * (width + 1)] = 0; // no filter
    return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header), chunk("IDAT", deflateSync(lines)), chunk("IEND", Buffer.alloc(0))]);
  }

  test.beforeAll(async () => {
    world = new World();
    const site = world.site("gien", (yaml) => `${yaml}attract: {picture: loire.png, logo: logo.svg}\nlimits: {idle: 10s}\n`);
    writeFileSync(join(world.directory, "loire.png"), png(800, 500));
    writeFileSync(join(world.directory, "logo.svg"), '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" width="120" height="40"><rect width="120" height="40" fill="#0b4a55"/></svg>');
    await world.startHub();
    const booth = await world.startBooth(site);
    desk = await world.desk("caf");
    touchscreen = await world.touchscreen(booth.url);
  });

  test.afterAll(async () => {
    await world?.close();
  });

  test("who knows the partner calls with two touches from the waiting screen, which shows the site's picture and logo", async () => {
    const waiting = touchscreen.locator("main.attract");
    await expect(waiting).toBeVisible({ timeout: 60_000 });
    for (const own of ["picture", "logo"]) {
      await expect.poll(() => touchscreen.locator(`img.${own}`).evaluate((e) => (e as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
    }
    await call(touchscreen, "CAF"); // two touches
    await expect(desk.getByRole("button", { name: "Répondre" })).toBeVisible({ timeout: 30_000 });
    await touchscreen.getByRole("button", { name: "Annuler" }).tap();
    await expectHome(touchscreen);
    // Any other touch shows the whole of home, and does nothing of it.
    await expect(waiting).toBeVisible({ timeout: 60_000 });
    await waiting.locator(".scene").tap();
    await expect(waiting).toHaveCount(0);
    await expect(touchscreen.getByRole("heading", { level: 1 })).toHaveText("Quel est votre besoin ?");
    await pause(1000); // a second tap that comes at once was not meant for home
  });

  test("Arabic is chosen by its own name, and the whole call runs from right to left", async () => {
    await speak(touchscreen, "العربية");
    await expect(touchscreen.locator("html")).toHaveAttribute("dir", "rtl");
    await expect(touchscreen.getByRole("heading", { level: 1 })).toHaveText("ماذا تحتاجون؟");
    await touchscreen.getByRole("button", { name: /^CAF صندوق/ }).tap();
    await touchscreen.getByRole("button", { name: "اتصال" }).tap();
    await expect(desk.getByText("arabe").first(), "the adviser sees the language before answering").toBeVisible({ timeout: 30_000 });
    await answer(desk);
    await expect(touchscreen.getByRole("button", { name: "إنهاء المكالمة" })).toBeVisible({ timeout: 30_000 });
    await expect(touchscreen.locator(".overlay")).toHaveCount(0, { timeout: 30_000 });
    await accessible(touchscreen);
    await touchscreen.getByRole("button", { name: "إنهاء المكالمة" }).tap();
  });

  test("two touches say how it was, and the next citizen finds French", async () => {
    await touchscreen.getByRole("button", { name: "جزئيا" }).tap();
    await touchscreen.getByRole("button", { name: "جيدان" }).tap();
    await expect(touchscreen.getByText("شكرا على إجابتكم.")).toBeVisible();
    await expect(touchscreen.locator("html")).toHaveAttribute("lang", "fr", { timeout: 30_000 });
    await expect(touchscreen.locator("html")).toHaveAttribute("dir", "ltr");
  });

  test("easy French is a language like the others; a question is left by the way home", async () => {
    await speak(touchscreen, "Français facile");
    await call(touchscreen, "CAF");
    await answer(desk);
    await expect(touchscreen.getByRole("button", { name: "Finir l’appel" })).toBeVisible({ timeout: 30_000 });
    await expect(touchscreen.locator(".overlay")).toHaveCount(0, { timeout: 30_000 });
    await desk.getByRole("button", { name: "Raccrocher" }).click();
    await expect(touchscreen.getByRole("heading", { name: "Cet appel vous a aidé ?" })).toBeVisible();
    await touchscreen.getByRole("button", { name: "Retour au début" }).tap();
    await expectHome(touchscreen);
    await expect(touchscreen.locator("html")).toHaveAttribute("lang", "fr");
  });
});
