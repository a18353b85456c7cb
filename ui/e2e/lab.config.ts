import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "lab",
  outputDir: "test-results",
  workers: 1,
  timeout: 3 * 3600_000,
  expect: { timeout: 60_000 },
  reporter: [["line"]],
});
