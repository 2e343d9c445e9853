// What goes to `.in`, of what the caller gave, and how large it is (B2–B4, B10, F1). Builds text; keeps
// and changes nothing.

import type { Metadata } from "./options.js";

/** What a caller gives, under the AI SDK's names. */
export type Given = {
  trigger: string;
  messageId?: string | undefined;
  message?: unknown;
  /** The whole conversation: given for a head start alone. */
  messages?: unknown[];
  action?: unknown;
  /** Of the call: it adds to the payload and replaces nothing of it. */
  body?: Metadata | undefined;
  metadata?: unknown;
};

/** A body, its size, and its size as a JSON string; 0 for a head start, which is no record. */
export type Body = { text: string; bytes: number; escapedBytes: number };

/**
 * The body of a send. A message or action: the `ChatInputChunk` `{kind: "message", payload}`, with the
 * message slimmed. A head start: the payload itself, with its messages as `headStartMessages`.
 * `metadata` is the transport's `clientData` with the call's over it. Throws what `JSON.stringify`
 * throws.
 */
export function sendBody(chatId: string, given: Given, clientData: unknown): Body {
  const { trigger, messageId, message, messages, action, metadata } = given;
  const payload = {
    ...given.body,
    ...present({
      message: slim(message),
      headStartMessages: messages,
      chatId,
      trigger,
      action,
      messageId,
      metadata: clientData || metadata ? { ...(clientData ?? {}), ...(metadata ?? {}) } : undefined,
    }),
  };
  const text = JSON.stringify(messages ? payload : { kind: "message", payload });
  const escapedBytes = messages ? 0 : byteLength(JSON.stringify(text));
  return { text, bytes: byteLength(text), escapedBytes };
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

/** An object without the members that are `undefined`. */
function present(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

type Parts = { id?: unknown; role?: unknown; parts?: unknown };
type Part = Record<"type" | "toolCallId" | "toolName" | "state" | "approval" | Outcome, unknown>;
type Outcome = "output" | "errorText";

/**
 * An assistant message with resolved tool parts goes out with only those, each reduced to what the
 * agent takes over from it; everything else passes untouched (B3).
 */
function slim(message: unknown): unknown {
  const { id, role, parts } = (message ?? {}) as Parts;
  if (role !== "assistant" || !Array.isArray(parts)) return message;
  const resolved = parts.map(slimPart).filter(Boolean);
  return resolved.length ? { id, role, parts: resolved } : message;
}

function slimPart(part: Partial<Part> | null): object | undefined {
  const { type, toolCallId, toolName, state, approval } = part ?? {};
  const isDynamic = type === "dynamic-tool";
  const outcome = typeof state === "string" ? OUTCOMES.get(state) : undefined;
  if (!outcome || !(isDynamic || String(type).startsWith("tool-"))) return undefined;
  const name = isDynamic ? { toolName } : {};
  return { type, toolCallId, state, ...name, [outcome]: part?.[outcome], approval };
}

/** What of a resolved part is its outcome, by its state; a decision is its own. */
const OUTCOMES = new Map<string, Outcome | "approval">([
  ["output-available", "output"],
  ["output-error", "errorText"],
  ["approval-responded", "approval"],
  ["output-denied", "approval"],
]);
