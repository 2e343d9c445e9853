// Starts the built session server for a test file and speaks to its demo routes.
// It knows nothing of the published clients: those are what the tests bring.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const BUILT = fileURLToPath(new URL("../../target/debug/session-server", import.meta.url));

export const SECRET_KEY = "tr_dev_reference";

/** A running server; `stop()` resolves with its exit code when the process has ended. */
export async function startSessionServer({ flags = [], environment = {} } = {}) {
  const program = process.env.SESSION_SERVER ?? BUILT;
  const child = spawn(program, ["--port", "0", "--secret-key", SECRET_KEY, ...flags], {
    env: { ...process.env, OPENAI_BASE_URL: "", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`${program} ended with code ${code} before it was ready`);
  });
  const ready = once(createInterface(child.stdout), "line");
  const [line] = await Promise.race([ready, failed]);
  failed.catch(() => {}); // From now on an exit is a stop.
  return new SessionServer(child, line.replace("listening on ", ""));
}

class SessionServer {
  #child;

  constructor(child, url) {
    this.#child = child;
    this.url = url;
  }

  async stop() {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const [code] = await ended;
    return code;
  }

  async json(path, init) {
    const response = await fetch(this.url + path, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  post(path, body, headers = {}) {
    return fetch(this.url + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  async startSession({ chatId, clientData }) {
    const response = await this.post("/demo/start-session", { chatId, clientData });
    if (!response.ok) throw new Error(`start-session: ${response.status}`);
    return response.json();
  }

  async accessToken({ chatId }) {
    const response = await this.post("/demo/access-token", { chatId });
    return (await response.json()).token;
  }

  chat(chatId) {
    return this.json(`/demo/chats/${encodeURIComponent(chatId)}`);
  }

  log(chatId) {
    return this.json(`/demo/chats/${encodeURIComponent(chatId)}/log`);
  }

  inputs(chatId) {
    return this.json(`/demo/chats/${encodeURIComponent(chatId)}/inputs`);
  }

  /** Lets the agent speak again that was asked {@link SILENT}, or that is going to be. */
  async breakSilence(chatId) {
    const response = await this.post(`/demo/chats/${encodeURIComponent(chatId)}/break-silence`, {});
    if (!response.ok) throw new Error(`break-silence: ${response.status}`);
  }

  /** Resolves once `.out` holds the wanted text. */
  async outputs(chatId, wanted) {
    const response = await fetch(
      `${this.url}/realtime/v1/sessions/${encodeURIComponent(chatId)}/out`,
      { headers: { Authorization: `Bearer ${SECRET_KEY}`, Accept: "text/event-stream" } },
    );
    let seen = "";
    // Leaving the loop closes the connection.
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      seen += piece;
      if (seen.includes(wanted)) return;
    }
    throw new Error(`${chatId} never said ${wanted}`);
  }

  /** Whether anybody reads the chat's `.out`. */
  async isRead(chatId) {
    return chatId in (await this.json("/faults/connections"));
  }

  fault(rule) {
    return this.post("/faults", rule);
  }
}

/** Asks for an answer that rests in its middle until its silence is broken, a minute at most. */
export const SILENT = "silent 60";
/** What such an answer says before it rests. */
export const BEFORE_SILENCE = "nothing for 60 seconds.";

/** The chunks of each finished turn, as the server wrote them. */
export function turnsOf(log) {
  const turns = [];
  let chunks = [];
  for (const entry of log) {
    if (entry.chunk) chunks.push(entry.chunk);
    if (entry.control === "turn-complete") {
      turns.push(chunks);
      chunks = [];
    }
  }
  return turns;
}

export function textOf(chunks) {
  return chunks
    .filter((chunk) => chunk.type === "text-delta")
    .map((chunk) => chunk.delta)
    .join("");
}

export async function readAll(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

export function userMessage(text, id = `user-${crypto.randomUUID()}`) {
  return { id, role: "user", parts: [{ type: "text", text }] };
}
