// Serves the pages and plays the session routes, on a port of its own. No compression on the streams.

import { once } from "node:events";
import { createServer } from "node:http";

import { MANNERS } from "./answers.mjs";
import { turnOf } from "./turn.mjs";

const ROUTE = /^\/realtime\/v1\/sessions\/([^/]+)\/(in\/append|out)$/;

/** Clocks of full resolution in the pages, and chats on several hosts for one page. */
const EVERY_ANSWER = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "*, Authorization",
  "Access-Control-Expose-Headers": "*",
  "Access-Control-Max-Age": "600",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** `files` are the pages' files by path: type, content, and headers. */
export async function startServer(files) {
  const server = createServer((request, response) => {
    const [, encoded, route] = ROUTE.exec(request.url) ?? [];
    if (!route) return sendFile(files, request, response);
    // What is wrong here is the benchmark's own fault: it must not look like a fast answer.
    const failed = (error) => {
      console.error(error);
      response.destroy();
    };
    answer(route, decodeURIComponent(encoded), request, response).catch(failed);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function sendFile(files, request, response) {
  const file = files.get(new URL(request.url, "http://page").pathname);
  if (!file) return response.writeHead(404).end();
  response.writeHead(200, { ...EVERY_ANSWER, "Content-Type": file.type, ...file.headers });
  response.end(file.content);
}

async function answer(route, id, request, response) {
  if (request.method === "OPTIONS") return response.writeHead(204, EVERY_ANSWER).end();
  if (route === "in/append") {
    request.resume();
    await once(request, "end");
    response.writeHead(200, { ...EVERY_ANSWER, "Content-Type": "application/json" });
    return response.end('{"ok":true,"seq":0}');
  }
  const turn = turnOf(id);
  response.writeHead(200, {
    ...EVERY_ANSWER,
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Stream-Version": "v2",
  });
  await MANNERS[turn.manner](turn, response, Number(request.headers["last-event-id"] ?? -1));
}
