// Takes the pictures of the README during a call on the demonstration: make pictures.

import { test } from "@playwright/test";
import { join } from "node:path";
import { writeClip } from "../media";
import { Alone, pause, root } from "../rig";
import { answer, call, expectTalk } from "../steps";

test("pictures", async () => {
  const world = new Alone();
  try {
    const clip = join(world.directory, "clip.y4m");
    writeClip(clip, 1280, 720);
    await world.startDemo();
    const desk = await world.desk("caf", { clip });
    const touchscreen = await world.touchscreen();
    await pause(1000);
    await touchscreen.screenshot({ path: join(root, "docs/touchscreen-home.png") });
    await call(touchscreen, "CAF");
    await answer(desk);
    await expectTalk(touchscreen, desk);
    await pause(8000); // the picture gets as sharp as the line allows
    await touchscreen.screenshot({ path: join(root, "docs/touchscreen.png") });
    await desk.screenshot({ path: join(root, "docs/desk.png") });
  } finally {
    await world.close();
  }
});
