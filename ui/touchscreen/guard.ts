// A hand that trembles touches twice, and the second touch meets what the first
// one brought up. For a moment a second touch at the same place counts as part
// of the first one. The moment is the site's (EN 301 549, 5.8: up to half a
// second at least). It also slides, and has touched all the same.

import type { Panel } from "../common/screen";
import { pixelsPerMillimetre } from "./panel";

/** So near to the first, in millimetres, a touch is at the same place: a finger is as wide. */
const sameMillimetres = 10;

/** What the guard needs of a click. */
export interface Touch {
  /** Milliseconds of any clock that goes forward. */
  timeStamp: number;
  clientX: number;
  clientY: number;
  /** 0 for a click that comes from a key: it has no place. */
  detail: number;
  target: unknown;
}

export class DoubleTouchGuard {
  private last: Touch | undefined;

  /** Whether the touch is part of the one that counted last, and must do nothing. */
  swallows(touch: Touch, milliseconds: number, pixelsPerMillimetre: number): boolean {
    const last = this.last;
    if (last && touch.timeStamp - last.timeStamp < milliseconds) {
      const byKey = touch.detail === 0 || last.detail === 0;
      const apart = Math.hypot(touch.clientX - last.clientX, touch.clientY - last.clientY);
      if (byKey ? touch.target === last.target : apart <= sameMillimetres * pixelsPerMillimetre) return true;
    }
    // Only what counts begins a new moment: who goes on trembling is heard again after it.
    this.last = { timeStamp: touch.timeStamp, clientX: touch.clientX, clientY: touch.clientY, detail: touch.detail, target: touch.target };
    return false;
  }
}

/** A click that the page makes itself for one of the spoken mode's keys; the key's own touch has been guarded already. */
export class ChosenClick extends MouseEvent {
  constructor() {
    super("click", { bubbles: true, cancelable: true });
  }
}

/** What is at times meant twice in a row, a letter or "next": half the moment, and only the same key. */
const struck = ".letter, .zones button";

/** Whether a click is part of the one before and must do nothing. */
export function doubled(guard: DoubleTouchGuard, event: MouseEvent, p: Panel): boolean {
  if (event instanceof ChosenClick) return false;
  const key = (event.target as Element).closest(struck);
  if (key) return guard.swallows({ timeStamp: event.timeStamp, clientX: 0, clientY: 0, detail: 0, target: key }, p.double_touch_ms / 2, 0);
  return guard.swallows(event, p.double_touch_ms, pixelsPerMillimetre(p, innerWidth, innerHeight));
}

/** So long after a finger has left the panel the browser's own click has come, if it makes one, in milliseconds. */
const clickMilliseconds = 100;

/**
 * A finger that slides by some millimetres is no tap to a browser, which then clicks nothing. Whoever trembles, or lays a finger on a
 * panel for the first time, meant a touch: one that begins and ends on the same button is one.
 */
export class SlidTouch {
  private down: { pointer: number; button: Element } | undefined;
  private clicks = 0;

  begins(event: PointerEvent): void {
    const button = (event.target as Element).closest("button");
    this.down = event.pointerType === "touch" && event.isPrimary && button && !button.disabled ? { pointer: event.pointerId, button } : undefined;
  }

  /** The page is being moved under the finger, or the finger is lost. */
  fails(): void {
    this.down = undefined;
  }

  /** The browser has clicked. */
  clicked(): void {
    this.clicks++;
  }

  ends(event: PointerEvent): void {
    const { down, clicks } = this;
    this.down = undefined;
    const { clientX, clientY } = event;
    // The event goes to where the finger began, wherever it is now.
    if (down?.pointer !== event.pointerId || document.elementFromPoint(clientX, clientY)?.closest("button") !== down.button) return;
    setTimeout(() => {
      if (this.clicks === clicks) down.button.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, clientX, clientY, detail: 1 }));
    }, clickMilliseconds);
  }
}
