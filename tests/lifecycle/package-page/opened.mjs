// Chromium and the page that uses the built package, for the tests of a file.

import { after, before } from "node:test";

import { startChromium } from "../engines/chromium.mjs";
import { startPackagePage } from "./server.mjs";

/** Both are there once the file's tests run. */
export function packagePageInChromium() {
  const opened = { server: undefined, browser: undefined };
  before(async () => {
    opened.server = await startPackagePage();
    opened.browser = await startChromium();
  });
  after(async () => {
    await opened.browser?.close();
    opened.server?.stop();
  });
  return opened;
}
