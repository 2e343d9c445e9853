// The types: programs written against the published package compile against ours, and its types are
// ours, name by name. Each test runs the compiler; what it says is the failure.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const pkg = join(root, "pkg");
const published = join(root, "node_modules/@trigger.dev/sdk/dist/esm/v3");
const compiler = join(root, "node_modules/typescript/bin/tsc");

/** Classes for servers, which are no part of a transport. */
const EXCEPTED = ["AgentChat", "ChatStream"];

/** What the compiler says of a project: nothing, if all is well. */
async function complaints(project, ...flags) {
  const run = promisify(execFile)(process.execPath, [compiler, "-p", project, ...flags], { cwd: root });
  return run.then(
    () => "",
    (error) => error.stdout || error.stderr || String(error),
  );
}

const MODES = [
  ["strict", []],
  ["strict, with exact optional properties", ["--exactOptionalPropertyTypes"]],
];

for (const [mode, flags] of MODES) {
  test(`the application compiles against the published types (${mode})`, async () => {
    assert.equal(await complaints(join(here, "tsconfig.json"), ...flags), "");
  });

  test(`the same application compiles against ours (${mode})`, async () => {
    assert.equal(await complaints(join(here, "tsconfig.ours.json"), ...flags), "");
  });

  test(`published types are ours, and what goes beyond them compiles (${mode})`, async () => {
    assert.equal(await complaints(join(here, "tsconfig.beyond.json"), ...flags), "");
  });
}

/** The names that a published declaration exports and `comparison` does not name on both sides. */
async function uncompared(declaration, comparison, ...known) {
  const names = exportedBy(await readFile(join(published, declaration), "utf8"));
  for (const name of known) assert.ok(names.includes(name), name);
  const compared = await readFile(join(here, "beyond", comparison), "utf8");
  const isOn = (side, name) => new RegExp(`\\b${side}\\.${name}\\b`).test(compared);
  return names.filter((name) => !isOn("Published", name) || !isOn("Ours", name)).sort();
}

test("every published name is compared, but for the classes of servers", async () => {
  const missing = await uncompared("chat.d.ts", "equality.ts", "ChatTransportEvent", "InferChatUIMessage");
  assert.deepEqual(missing, EXCEPTED);
});

test("H1 every published name of the hooks is compared", async () => {
  const known = ["useMultiTabChat", "PendingMessage", "InferChatUIMessage", "ChatTransportEvent"];
  assert.deepEqual(await uncompared("chat-react.d.ts", "react-equality.ts", ...known), []);
});

test("our declarations are sound where libraries are checked too", async () => {
  const said = await complaints(join(here, "tsconfig.ours.json"), "--skipLibCheck", "false");
  assert.deepEqual(said.split("\n").filter((line) => line.startsWith("pkg")), []);
});

/** Faults in a copy of our declarations: what is replaced, and who is to complain of what. */
const FAULTS = {
  "a method that is gone": ["transport", /\bisReadOnly\b/, "isReadWrite", "application", /isReadOnly/],
  "a method that is a property": [
    "transport",
    /\bdispose\(\): void/,
    "dispose: () => void",
    "application",
    /dispose/,
  ],
  "an option that is gone": ["types/options", /\bheadStart\?: string;/, "", "application", /headStart/],
  "an event of another name": ["types/events", /"first-chunk"/, '"chunk"', "application", /first-chunk/],
  "one event more": ["types/events", /"stream-error"/, '"stream-error" | "lost"', "application", /never/],
  "an agent's message that is any": ["types/agents", /\? TUIMessage : /, "? any : ", "beyond", /equality/],
  "a hook of another name": [
    "react/index",
    /\buseChatActions\b/,
    "useChatAction",
    "application",
    /useChatActions/,
  ],
  "an option of a hook that is gone": ["react/types", /limit\?: number;/, "", "application", /limit/],
  "a mode that a pending message may not have": [
    "react/types",
    /"steering" \| "queued"/,
    '"steering" | "queued" | "lost"',
    "application",
    /lost/,
  ],
  "a result of a hook that is any": [
    "react/types",
    /cursors\?: \{/,
    "cursors?: any; rest?: {",
    "beyond",
    /react-equality/,
  ],
  "a field that is gone": ["types/sessions", /pendingVersion\?: boolean;/, "", "beyond", /equality/],
};

for (const [name, [file, pattern, replacement, include, said]] of Object.entries(FAULTS)) {
  test(`negative control: ${name} does not pass`, async (t) => {
    const project = await altered(t, `${file}.d.ts`, pattern, replacement, include);
    assert.match(await complaints(project), said);
  });
}

test("negative control: an unaltered copy of our declarations passes", async (t) => {
  for (const include of ["application", "beyond"]) {
    const project = await altered(t, "transport.d.ts", /^/, "", include);
    assert.equal(await complaints(project), "");
  }
});

/** A project over a copy of our declarations in which one thing is replaced. */
async function altered(t, name, pattern, replacement, include) {
  // Within the repository, for the declarations find `ai` by the folders above them.
  await mkdir(join(root, "target"), { recursive: true });
  const folder = await mkdtemp(join(root, "target/types-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const declarations = (await readdir(pkg, { recursive: true })).filter((path) => path.endsWith(".d.ts"));
  for (const path of declarations) await cp(join(pkg, path), join(folder, path));
  const target = join(folder, name);
  const before = await readFile(target, "utf8");
  assert.match(before, pattern);
  await writeFile(target, before.replace(pattern, replacement));
  const specifier = include === "application" ? "@trigger.dev/sdk/chat" : "trigger-chat-transport";
  const paths = {
    [specifier]: [join(folder, "index.d.ts")],
    [`${specifier}/react`]: [join(folder, "react/index.d.ts")],
  };
  const config = {
    extends: join(here, "tsconfig.json"),
    compilerOptions: { paths },
    include: [join(here, include)],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  return join(folder, "tsconfig.json");
}

/** The names that a declaration file exports. */
function exportedBy(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "");
  const declared = code.matchAll(/^export (?:declare )?(?:type|class|const|function|interface) (\w+)/gm);
  const passedOn = [...code.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list]) =>
    list.split(",").map((item) => item.trim().replace(/^type /, "")),
  );
  return [...[...declared].map(([, name]) => name), ...passedOn].filter(Boolean);
}
