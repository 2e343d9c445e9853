// What a chat shows when another tab has said what it shows: never less than before, but for what the
// tab whose turn it is has taken back.

import type { UIMessage } from "ai";

/**
 * The owner's messages in its own turn. What it does not show behind its last known message is gone; what
 * is missing before that, it has never loaded.
 */
export function led(ours: unknown[], theirs: unknown[]): unknown[] {
  return merged(ours, theirs).messages;
}

/** Theirs when their turn is over, and then what only we show. */
export function ended(ours: unknown[], theirs: unknown[]): unknown[] {
  const { messages, rest } = merged(ours, theirs);
  return [...messages, ...rest];
}

/** What is being asked here is not the others' to take away: their turn may be over before it is refused. */
export function withQuestion(messages: unknown[], question: UIMessage | undefined): unknown[] {
  const isThere = messages.some((message) => idOf(message) === question?.id);
  return !question || isThere ? messages : [...messages, question];
}

/**
 * With an answer that was missed: in the place of what was there of it, or behind all but a question that
 * was asked since. `known` holds the ids of the messages when the answer was found missing.
 */
export function withAnswer(
  messages: unknown[],
  answer: UIMessage,
  known: ReadonlySet<unknown>,
): unknown[] {
  const at = messages.findIndex((message) => idOf(message) === answer.id);
  const isNew = (message: unknown) => roleOf(message) === "user" && !known.has(idOf(message));
  const place = at < 0 ? messages.findIndex(isNew) : at;
  const all = [...messages];
  all.splice(place < 0 ? all.length : place, at < 0 ? 0 : 1, answer);
  return all;
}

/**
 * Theirs, with what only we have between what both have; and what only we have behind it. Of a message
 * before the last, which does not grow any more, whichever is longer: the other was left in its middle.
 */
function merged(ours: unknown[], theirs: unknown[]): { messages: unknown[]; rest: unknown[] } {
  const known = new Set(theirs.map(idOf));
  const isOurs = (message: unknown) => !known.has(idOf(message));
  const messages: unknown[] = [];
  let next = 0;
  for (const message of theirs) {
    const isIt = (one: unknown, index: number) => index >= next && idOf(one) === idOf(message);
    // Most stand where they stood: this is done again and again while an answer grows.
    const at = next < ours.length && isIt(ours[next], next) ? next : ours.findIndex(isIt);
    if (at >= 0) {
      messages.push(...ours.slice(next, at).filter(isOurs));
      next = at + 1;
    }
    const isLast = message === theirs.at(-1);
    messages.push(isLast || at < 0 ? message : longer(message, ours[at]));
  }
  return { messages, rest: ours.slice(next).filter(isOurs) };
}

function longer(theirs: unknown, ours: unknown): unknown {
  return lengthOf(ours) > lengthOf(theirs) ? ours : theirs;
}

/** Of its parts that are complete, and of the text in all. */
function lengthOf(message: unknown): number {
  const { parts = [] } = message as { parts?: { state?: unknown; text?: string }[] };
  return parts.reduce(
    (length, { state, text = "" }) => length + (state === "streaming" ? 0 : 1) + text.length,
    0,
  );
}

export function idOf(message: unknown): unknown {
  return (message as { id?: unknown } | undefined)?.id;
}

export function roleOf(message: unknown): unknown {
  return (message as { role?: unknown } | undefined)?.role;
}
