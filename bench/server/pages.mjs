// The pages, bundled for each contestant as an application's bundler would for production.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

import { build } from "esbuild";

const PAGE = fileURLToPath(new URL("../page", import.meta.url));
const MODULE = "trigger_chat_transport_bg.wasm";
const WASM = new URL(`../../pkg/${MODULE}`, import.meta.url);

const DOCUMENT = (script) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Benchmark</title>
  <link rel="icon" href="data:," />
  <div id="root"></div>
  <script type="module" src="${script}"></script>
</html>
`;

/**
 * The files of these pages (`page.js` and the like) by path: `/ours/page`, `/ours/page.js`, … Those of
 * `compressed` come with brotli, as from a content network.
 */
export async function buildPages(contestants, pages, compressed) {
  const files = new Map();
  for (const contestant of contestants) {
    for (const page of pages) {
      const name = page.replace(/\.jsx?$/, "");
      const script = await bundled(contestant, page);
      files.set(`/${contestant}/${name}`, { type: "text/html", content: DOCUMENT(`${name}.js`) });
      const file = compressed.includes(page) ? withBrotli : plain;
      files.set(`/${contestant}/${name}.js`, file("text/javascript", script));
    }
    files.set(`/${contestant}/${MODULE}`, withBrotli("application/wasm", await readFile(WASM)));
  }
  return files;
}

/** The script of a page with a contestant in it. */
export async function bundled(contestant, page) {
  const { outputFiles } = await build({
    absWorkingDir: PAGE,
    entryPoints: [page],
    alias: { contestant: `./contestants/${contestant}.js` },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    jsx: "automatic",
    target: "es2022",
    legalComments: "none",
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
    // The published package asks for one of Node's modules where it runs in Node.
    external: ["node:http2"],
  });
  return Buffer.from(outputFiles[0].contents);
}

const CACHE = { "Cache-Control": "max-age=3600" };

function plain(type, content) {
  return { type, headers: CACHE, content };
}

function withBrotli(type, content) {
  return { type, headers: { ...CACHE, "Content-Encoding": "br" }, content: brotliCompressSync(content) };
}
