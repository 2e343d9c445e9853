// Firefox: reloads, pages left and come back to, and connections that break.

import { describe } from "node:test";

import { startFirefox } from "./engines/firefox.mjs";
import { everyEngine } from "./every-engine.mjs";
import { visitsIn } from "./visits.mjs";

const visit = visitsIn(startFirefox);

// Side by side: they mostly wait.
describe("Firefox", { concurrency: 4 }, () => {
  everyEngine(visit, { truncation: "TypeError", keepsStreamingPages: false });
});
