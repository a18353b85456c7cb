// What a technician gets at over the room's network: nothing, unless the card's
// settings file opens it.

import { expect, test } from "@playwright/test";
import { hubAddress, World } from "../rig";
import { Machine } from "./machine";

test.describe.configure({ mode: "serial" });

const password = "agrafe cheval batterie";
let world: World;
let machine: Machine;

test.beforeAll(() => {
  world = new World();
});

test.afterEach(async () => machine?.off());
test.afterAll(async () => world?.close());

function boot(settings: string): Machine {
  return new Machine({ directory: world.directory, namespace: world.boothSide, settings, forward: "8443:8443,8444:8444" });
}

/** What a page answers: its status and its text. The certificate is the booth's own. */
function get(port: number, user = ""): { status: string; text: string } {
  const program = `
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    fetch("https://127.0.0.1:${port}/", { headers: ${JSON.stringify(user ? { authorization: `Basic ${Buffer.from(user).toString("base64")}` } : {})}, signal: AbortSignal.timeout(20000) })
      .then(async (r) => console.log(JSON.stringify({ status: String(r.status), text: await r.text() })), () => console.log(JSON.stringify({ status: "closed", text: "" })));`;
  return JSON.parse(world.boothSide.run(process.execPath, "--no-warnings", "--eval", program)) as { status: string; text: string };
}

test("with maintenance in the settings, its pages open with the password", async () => {
  machine = boot(`hub: ws://${hubAddress}:8090\nmaintenance:\n  password: ${password}\n`);
  await machine.on(true);
  await machine.says(/msg="maintenance is open"/, 120_000);
  await machine.says(/msg="browser ready"/, 240_000);
  expect(get(8443).status).toBe("401");
  expect(get(8443, "technicien:faux").status).toBe("401");
  const status = get(8443, `technicien:${password}`);
  expect(status.status).toBe("200");
  expect(status.text).toContain("/user/kiosk");
  const touchscreen = get(8444, `technicien:${password}`);
  expect(touchscreen.status).toBe("200");
  expect(touchscreen.text).toContain("main.js");
});

test("without it, nothing of the booth answers", async () => {
  machine = boot(`hub: ws://${hubAddress}:8090\n`);
  await machine.on(true);
  await machine.says(/msg="browser ready"/, 240_000);
  for (const port of [8443, 8444]) expect(get(port, `technicien:${password}`).status).toBe("closed");
  expect(machine.log()).not.toMatch(/maintenance is open/);
});
