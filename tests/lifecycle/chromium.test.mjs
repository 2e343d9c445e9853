// Chromium: reloads, pages left and come back to, and connections that break.

import { describe } from "node:test";

import { startChromium } from "./engines/chromium.mjs";
import { everyEngine } from "./every-engine.mjs";
import { visitsIn } from "./visits.mjs";

const visit = visitsIn(startChromium);

// Side by side: they mostly wait.
describe("Chromium", { concurrency: 4 }, () => {
  everyEngine(visit, { truncation: "TypeError", keepsStreamingPages: true });
});
