// The parts of an answer that say which messages the agent took up while it spoke.

import type { UIMessage } from "ai";
import type { InjectedMessage } from "./types.js";

const INJECTED = "data-pending-message-injected";

type InjectionPart = { type: typeof INJECTED; data?: { messageIds?: unknown; messages?: unknown } };

export function isInjectionPoint(part: unknown): part is InjectionPart {
  return typeof part === "object" && part !== null && (part as { type?: unknown }).type === INJECTED;
}

export function getInjectedMessageIds(part: unknown): string[] {
  return listOf(isInjectionPoint(part) && part.data?.messageIds);
}

export function getInjectedMessages(part: unknown): InjectedMessage[] {
  return listOf(isInjectionPoint(part) && part.data?.messages);
}

/** The ids of all messages that the answers have taken up. */
export function injectedIn(messages: UIMessage[]): Set<string> {
  const answers = messages.filter(({ role }) => role === "assistant");
  return new Set(answers.flatMap(({ parts }) => (parts ?? []).flatMap(getInjectedMessageIds)));
}

function listOf<T>(value: unknown): T[] {
  return Array.isArray(value) ? value : [];
}
