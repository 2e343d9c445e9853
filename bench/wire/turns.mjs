// What an agent says in a turn of the benchmark: its chunks by number. The server makes its bytes of
// them and the pages compare with them. Pure: the same number is always the same chunk.

const MARKDOWN = `## How the tide works

The Moon pulls on the ocean, and the water on the *near* side feels it **more** than the middle of the
Earth does. So there are two bulges, and most coasts see "two" tides in a day.

- Spring tides come with a full or a new Moon.
- Neap tides come in between; the range is smaller by a third.
- In the Bay of Fundy it is 16 m, on the coast of Zürich \\ none.

\`\`\`js
const height = (hours) => mean + range * Math.cos((2 * Math.PI * hours) / 12.42);
\`\`\`

See [the tables](https://example.org/tides?port=brest&days=7) for the next days.

`;

const INPUT = JSON.stringify({
  path: "src/tides/height.ts",
  edits: [
    { line: 12, remove: "const a = \"old\";", insert: "const height = (h) => mean + range * h;\n" },
    { line: 40, remove: "", insert: "export { height };\n" },
  ],
  reason: "The tables use the names of the fields, not of the columns.",
});

/** About what a model's token is. */
const PIECE = 5;

const pieces = (text) => text.match(new RegExp(`[^]{1,${PIECE}}`, "g"));

const WORDS = pieces(MARKDOWN);
const INPUTS = pieces(INPUT);
const OUTPUT_BYTES = 500_000;

const TEXT_ID = "msg_0f52c8a1d94b4e0e3b7a61c25d";
const CALL_ID = "call_7Qm2xV9cLr4TnB8k";

/** A delta of each kind, by its number. */
const DELTAS = {
  text: (n) => ({ type: "text-delta", id: TEXT_ID, delta: WORDS[n % WORDS.length] }),
  tool: (n) => ({
    type: "tool-input-delta",
    toolCallId: CALL_ID,
    inputTextDelta: INPUTS[n % INPUTS.length],
  }),
  output: (n) => ({ type: "tool-output-available", toolCallId: `${CALL_ID}${n}`, output: output() }),
};

const STARTS = {
  text: { type: "text-start", id: TEXT_ID },
  tool: { type: "tool-input-start", toolCallId: CALL_ID, toolName: "edit" },
  output: { type: "start-step" },
};

/** How many chunks come before the deltas. */
export const OPENING = 2;

/** The chunk of that number in a turn of that kind. */
export function chunkAt(kind, n) {
  if (n === 0) return { type: "start", messageId: "answer" };
  return n === 1 ? STARTS[kind] : DELTAS[kind](n - OPENING);
}

/** The text of a chunk that may be joined with its neighbours, and what it belongs to. */
export function deltaOf(chunk) {
  if (chunk.type === "text-delta") return { of: chunk.id, text: chunk.delta };
  if (chunk.type === "tool-input-delta") return { of: chunk.toolCallId, text: chunk.inputTextDelta };
  return undefined;
}

/** What a chunk weighs in the count that every timed run checks: characters of deltas, or one. */
export function weight(chunk) {
  return deltaOf(chunk)?.text.length ?? 1;
}

/** The weight of a whole turn. */
export function turnWeight(kind, count) {
  let sum = OPENING;
  if (kind === "output") return sum + count;
  for (let n = 0; n < count; n += 1) sum += weight(chunkAt(kind, n + OPENING));
  return sum;
}

/** The text of the answer's first deltas. */
export function textOf(count) {
  return Array.from({ length: count }, (_, n) => WORDS[n % WORDS.length]).join("");
}

let madeOutput;

/** Rows as a search gives them, half a megabyte as JSON. */
function output() {
  if (madeOutput) return madeOutput;
  const rows = [];
  for (let bytes = 0; bytes < OUTPUT_BYTES; ) {
    const n = rows.length;
    const row = {
      id: n,
      title: `Tides of the ${n}th day, "as predicted"`,
      url: `https://example.org/tides/${n}?from=brest&to=saint-malo`,
      excerpt: MARKDOWN.slice(n % 200, (n % 200) + 220),
      score: n / 7,
    };
    rows.push(row);
    bytes += JSON.stringify(row).length + 1;
  }
  madeOutput = { rows };
  return madeOutput;
}
