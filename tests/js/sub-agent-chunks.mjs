// What sub-agents may stream, for the comparison with the published package.

const start = { type: "start", messageId: "m" };
const delta = (text, more = {}) => ({ type: "text-delta", id: "t", delta: text, ...more });
const toolStart = (more = {}) => {
  return { type: "tool-input-start", toolCallId: "c", toolName: "look", ...more };
};
const toolDelta = (inputTextDelta, toolCallId = "c") => {
  return { type: "tool-input-delta", toolCallId, inputTextDelta };
};
const toolInput = (more = {}) => {
  return { type: "tool-input-available", toolCallId: "c", toolName: "look", input: { at: 1 }, ...more };
};

export const conversations = {
  "a text": [
    start,
    { type: "start-step" },
    { type: "text-start", id: "t" },
    delta("one "),
    delta("two "),
    delta("three"),
    { type: "text-end", id: "t" },
    { type: "finish-step" },
    { type: "finish" },
  ],
  "two texts at once": [
    start,
    { type: "text-start", id: "t" },
    { type: "text-start", id: "u" },
    delta("a"),
    { type: "text-delta", id: "u", delta: "1" },
    delta("b"),
    delta("c"),
    { type: "text-delta", id: "u", delta: "2" },
    { type: "text-end", id: "u" },
    delta("d"),
  ],
  "metadata of providers": [
    start,
    { type: "text-start", id: "t", providerMetadata: { p: { n: 0 } } },
    delta("a", { providerMetadata: { p: { n: 1 } } }),
    delta("b"),
    delta("c", { providerMetadata: { p: { n: 2 } } }),
    delta("d", { providerMetadata: { q: { n: 3 } } }),
    { type: "text-end", id: "t" },
  ],
  "reasoning, then a text": [
    start,
    { type: "reasoning-start", id: "r" },
    { type: "reasoning-delta", id: "r", delta: "hm" },
    { type: "reasoning-delta", id: "r", delta: "m", providerMetadata: { p: { signature: "s" } } },
    { type: "reasoning-end", id: "r" },
    { type: "text-start", id: "t" },
    delta("so"),
  ],
  "metadata of the message": [
    { type: "start", messageMetadata: { model: "m" } },
    { type: "message-metadata", messageMetadata: { tokens: 1 } },
    { type: "text-start", id: "t" },
    delta("a"),
    { type: "finish", messageMetadata: { tokens: 2, cost: { cents: 3 } } },
  ],
  "a tool": [
    start,
    { type: "start-step" },
    toolStart(),
    toolDelta('{"at"'),
    toolDelta(": "),
    toolDelta("1}"),
    toolInput(),
    { type: "tool-output-available", toolCallId: "c", output: { found: [1, 2] }, preliminary: true },
    { type: "tool-output-available", toolCallId: "c", output: { found: [1, 2, 3] } },
    { type: "finish-step" },
    { type: "start-step" },
    { type: "text-start", id: "t" },
    delta("found"),
  ],
  "two dynamic tools at once": [
    start,
    toolStart({ dynamic: true }),
    toolStart({ dynamic: true, toolCallId: "d" }),
    toolDelta("{"),
    toolDelta("[", "d"),
    toolDelta("1", "d"),
    toolDelta("}"),
    toolInput({ dynamic: true }),
    { type: "tool-output-error", toolCallId: "c", errorText: "lost" },
  ],
  "a tool whose input is wrong": [
    start,
    { type: "tool-input-error", toolCallId: "c", toolName: "look", input: "x", errorText: "no object" },
  ],
  "a tool that asks": [
    start,
    toolInput(),
    { type: "tool-approval-request", toolCallId: "c", approvalId: "a" },
    { type: "tool-output-denied", toolCallId: "c" },
  ],
  "files, sources and data": [
    start,
    { type: "file", mediaType: "image/png", url: "https://files.example/1.png" },
    { type: "source-url", sourceId: "s", url: "https://files.example", title: "Files" },
    { type: "source-document", sourceId: "d", mediaType: "text/plain", title: "Notes", filename: "n.txt" },
    { type: "data-plan", id: "p", data: { step: 1 } },
    { type: "data-plan", id: "p", data: { step: 2 } },
    { type: "data-progress", data: 5, transient: true },
    { type: "data-plan", data: "without an id" },
  ],
  "no id and nothing to show": [
    { type: "start" },
    { type: "start-step" },
    { type: "data-progress", data: 5, transient: true },
    { type: "error", errorText: "overloaded" },
    { type: "abort" },
    { type: "finish-step" },
    { type: "finish" },
  ],
  "no start at all": [{ type: "text-start", id: "t" }, delta("a"), { type: "start-step" }],
  "a second start": [start, { type: "text-start", id: "t" }, delta("a"), { type: "start", messageId: "n" }],
  "a part that never began": [
    start,
    { type: "text-start", id: "t" },
    delta("kept"),
    { type: "text-delta", id: "unknown", delta: "lost" },
    { type: "text-delta", id: "unknown", delta: "too" },
    delta(" gone"),
  ],
  "a part that went on after its end": [
    start,
    { type: "text-start", id: "t" },
    delta("a"),
    delta("b"),
    { type: "text-end", id: "t" },
    delta("c"),
  ],
  "nothing well": [{ type: "start" }, toolDelta("{}"), { type: "text-start", id: "t" }],
  "a chunk of a later version": [start, { type: "hologram", depth: 3 }],
};
