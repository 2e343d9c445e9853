// WebKitGTK by plain WebDriver: its driver program, its small browser, and a screen that nobody sees.

import { once } from "node:events";
import { createServer } from "node:net";

import { eventually } from "../../support/eventually.mjs";
import { startProgram } from "./program.mjs";

const DRIVER = process.env.WEBKIT_DRIVER ?? "/usr/bin/WebKitWebDriver";
const SCREEN = process.env.XVFB ?? "/usr/bin/Xvfb";

/** The longest time that a script of a test may take. */
const SCRIPT_TIMEOUT_MS = 60_000;

export async function startWebKit() {
  const words = ["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"];
  const screen = await startProgram(SCREEN, words, { ready: /^(\d+)$/ });
  const tabs = new Set();
  return {
    /** A browser of its own: a driver serves one session at a time. */
    async newTab() {
      const tab = await openBrowser(`:${screen.match[1]}`);
      tabs.add(tab);
      return tab;
    },
    async close() {
      await Promise.all([...tabs].map((tab) => tab.close()));
      await screen.stop();
    },
  };
}

async function openBrowser(display) {
  const port = await freePort();
  const environment = { DISPLAY: display, WEBKIT_DISABLE_COMPOSITING_MODE: "1" };
  const driver = await startProgram(DRIVER, [`--port=${port}`], { environment });
  const url = `http://127.0.0.1:${port}`;
  try {
    await eventually("WebKit's driver answers", () => fetch(`${url}/status`).catch(() => false));
    const alwaysMatch = { timeouts: { script: SCRIPT_TIMEOUT_MS } };
    const { sessionId } = await post(`${url}/session`, { capabilities: { alwaysMatch } });
    return new WebKitTab(driver, `${url}/session/${sessionId}`);
  } catch (error) {
    await driver.stop();
    throw error;
  }
}

class WebKitTab {
  #driver;
  #session;

  constructor(driver, session) {
    this.#driver = driver;
    this.#session = session;
  }

  async goto(url) {
    await post(`${this.#session}/url`, { url });
  }

  async reload() {
    await post(`${this.#session}/refresh`, {});
  }

  async back() {
    await post(`${this.#session}/back`, {});
  }

  async evaluate(code, ...values) {
    const source = code.toString();
    const script = `
      const done = arguments[arguments.length - 1];
      (async () => (${source})(...${JSON.stringify(values)}))().then(
        (value) => done({ value }),
        (error) => done({ error: String(error) }),
      );`;
    const { value, error } = await post(`${this.#session}/execute/async`, { script, args: [] });
    if (error) throw new Error(error);
    return value ?? undefined;
  }

  /** The browser ends with its driver. */
  async close() {
    await this.#driver.stop();
  }
}

/** The value of the driver's answer. */
async function post(url, body) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** The driver takes no port 0. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
