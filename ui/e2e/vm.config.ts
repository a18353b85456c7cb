import { defineConfig } from "@playwright/test";

// The machine's processor is emulated: everything takes minutes there.
export default defineConfig({
  testDir: "vm",
  outputDir: "test-results",
  workers: 1,
  fullyParallel: false,
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  forbidOnly: !!process.env["CI"],
  // As in the other tests: a busy machine may spoil a run; the report tells which test needed a second one.
  retries: 1,
});
