// What stands still for days burns into a panel. While nobody is there the page
// moves by some pixels every minute, round a small ring that nobody notices.

const ring: [number, number][] = [[0, 0], [2, 1], [4, 2], [2, 4], [0, 3], [-2, 4], [-4, 2], [-3, 0], [-4, -2], [-2, -4], [0, -3], [2, -4], [4, -2], [2, -1]];

/** Where the page stands at a time, in CSS pixels to the right and down. */
export function shiftAt(milliseconds: number): [right: number, down: number] {
  return ring[Math.floor(milliseconds / 60_000) % ring.length]!;
}
