import type { UIMessage } from "ai";

const longestTitle = 60;

export function rawText(message: UIMessage): string {
  return message.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

export function titleOf(messages: UIMessage[]): string {
  const first = messages.find(({ role }) => role === "user");
  const text = first ? rawText(first).trim() : "";
  return text.length > longestTitle ? `${text.slice(0, longestTitle)}…` : text;
}

/** Where a suggested phrase leaves a number open ("N deltas"), or -1. */
export function blankIn(phrase: string): number {
  return phrase.search(/\bN\b/);
}
