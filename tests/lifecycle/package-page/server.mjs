// Serves a page that uses the built package, bundled as an application's would be, and plays the
// session routes over real sockets. What is asked says how the answer comes: "6000 records by 1000"
// comes in six connections, and only the last one ends the turn. An "endless" answer never ends.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const WASM = new URL("../../../pkg/trigger_chat_transport_bg.wasm", import.meta.url);
const PAGE = new URL("page.js", import.meta.url);
const TABS = new URL("tabs.js", import.meta.url);
const DOCUMENT = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>The package in a page</title>
  <link rel="icon" href="data:," />
  <script type="module" src="page.js"></script>
</html>
`;

const ROUTE = /^\/realtime\/v1\/sessions\/([^/]+)\/(in\/append|out)$/;

export async function startPackagePage() {
  const files = await pageFiles();
  const chats = new Map();
  const server = createServer((request, response) => {
    const [, chatId, route] = ROUTE.exec(request.url) ?? [];
    if (chatId && !chats.has(chatId)) chats.set(chatId, new PlayedChat());
    if (!route) {
      const [type, content] = files[request.url] ?? files["/"];
      response.writeHead(200, { "Content-Type": type }).end(content);
      return;
    }
    // What is wrong here is a fault of the test: it shows as an answer that no page can use.
    const failed = (error) => response.writeHead(500).end(String(error));
    chats.get(chatId).answer(route, request, response).catch(failed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What is served by path: the type and the content. */
async function pageFiles() {
  // The published package asks for one of Node's modules where it runs in Node.
  const external = ["node:http2"];
  const options = { bundle: true, format: "esm", write: false, logLevel: "silent", external };
  const bundled = async (entry) => {
    const { outputFiles } = await build({ entryPoints: [fileURLToPath(entry)], ...options });
    return ["text/javascript", outputFiles[0].text];
  };
  return {
    "/": ["text/html", DOCUMENT],
    "/tabs": ["text/html", DOCUMENT.replace("page.js", "tabs.js")],
    "/page.js": await bundled(PAGE),
    "/tabs.js": await bundled(TABS),
    // The bundle asks for it beside itself.
    "/trigger_chat_transport_bg.wasm": ["application/wasm", await readFile(WASM)],
  };
}

/** One chat: how many records it has, and how many of them a connection gets. */
class PlayedChat {
  #records = [];
  #perConnection = 1;
  #endless = false;
  #asked = 0;
  #served = 0;

  async answer(route, request, response) {
    if (route === "out") return this.#serve(request, response);
    let body = "";
    for await (const piece of request) body += piece;
    const { message } = JSON.parse(body).payload ?? {};
    if (message) this.#asks(message.parts[0].text);
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ ok: true, seq: this.#asked++ }));
  }

  #asks(text) {
    const [count, perConnection] = text.match(/\d+/g)?.map(Number) ?? [0, 0];
    this.#endless = text === "endless";
    if (!this.#endless) this.#write(count, perConnection);
  }

  #write(count, perConnection) {
    this.#perConnection = perConnection;
    for (let nth = 0; nth < count; nth += 1) {
      const seq_num = this.#records.length;
      const data = { type: "text-delta", id: "text", delta: `${nth} ` };
      const body = JSON.stringify({ data, id: `part ${seq_num}` });
      this.#records.push({ seq_num, timestamp: 0, body });
    }
    const headers = [
      ["trigger-control", "turn-complete"],
      ["session-in-event-id", String(this.#asked)],
    ];
    this.#records.push({ seq_num: this.#records.length, timestamp: 0, headers, body: "" });
  }

  async #serve(request, response) {
    const first = Number(request.headers["last-event-id"] ?? -1) + 1;
    const records = this.#records.slice(first, first + this.#perConnection);
    const event = `event: batch\ndata: ${JSON.stringify({ records })}\n\n`;
    response.writeHead(200, { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" });
    await new Promise((resolve) => response.write(event, resolve));
    if (!this.#endless) this.#end(request, response);
  }

  /** In turn, all the ways in which a body can end. */
  #end(request, response) {
    this.#served += 1;
    if (this.#served % 3 === 0) request.socket.resetAndDestroy();
    else if (this.#served % 3 === 1) request.socket.end();
    else response.end();
  }
}
