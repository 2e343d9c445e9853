// WebKit: reloads, pages left and come back to, and connections that break.

import { describe } from "node:test";

import { startWebKit } from "./engines/webkit.mjs";
import { everyEngine } from "./every-engine.mjs";
import { visitsIn } from "./visits.mjs";

const visit = visitsIn(startWebKit);

// Side by side: they mostly wait.
describe("WebKit", { concurrency: 4 }, () => {
  everyEngine(visit, { truncation: "done", keepsStreamingPages: true });
});
