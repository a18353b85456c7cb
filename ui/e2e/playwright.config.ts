import { defineConfig } from "@playwright/test";

// The stories of pages mostly wait, and may do so beside each other (--workers). Those of calls
// come one at a time: the machine has two cores, and a call needs most of them.
const pages = /\/(accounts|figures|gallery|hotline|languages|messages|needs|panel|presence|provider|received|sites)\.spec\.ts$/;

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  forbidOnly: !!process.env["CI"],
  // A call is real time: a machine that is busy elsewhere may spoil one. The report tells which test needed a second run.
  retries: 1,
  projects: [{ name: "pages", testMatch: pages }, { name: "calls", testIgnore: pages }],
});
