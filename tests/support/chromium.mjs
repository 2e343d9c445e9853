// Starts the browser of the tests: the one that is installed, nothing is downloaded.

import { chromium } from "playwright-core";

export const PROGRAM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/**
 * Pages of the browser's own, which each window loads unseen and at more cost than that of a test, and what
 * it asks of its maker about forms.
 */
const UNWANTED = [
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
  "AutofillServerCommunication",
];

/** Also as root and in a container, and asking nothing of the network by itself. */
export const ARGUMENTS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  `--disable-features=${UNWANTED}`,
];

export function startChromium() {
  return chromium.launch({ executablePath: PROGRAM, args: ARGUMENTS, timeout: 30_000 });
}

/** What a developer would see in red or yellow: console errors, warnings and uncaught exceptions. */
export function complaintsOf(page) {
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}
