// When the tab whose turn it was goes away in the middle of an answer, another one reads on in its place,
// so that no text is lost.

import type { UIMessage } from "ai";
import type { TriggerChatTransport } from "../index.js";
import { attachmentOf } from "./attachment.js";
import { LateAnswer } from "./late-answer.js";

/** So many turns are looked through; a tab that was never in the lead has not read any of them. */
const TURNS_LIMIT = 100;

/** Whether an answer is missing its end, as far as it can be told by its parts. */
export function isCutShort(message: unknown): boolean {
  const { role, parts = [] } = message as Partial<UIMessage>;
  const isStreaming = (part: object) =>
    "state" in part && (part.state === "streaming" || part.state === "input-streaming");
  const isEmpty = parts.length === 0 || parts.at(-1)?.type === "step-start";
  return role === "assistant" && (isEmpty || parts.some(isStreaming));
}

/** Whether it is an answer, and as far as can be told a whole one. */
export function isAnswer(message: unknown): boolean {
  return (message as Partial<UIMessage>).role === "assistant" && !isCutShort(message);
}

/**
 * Reads the turns behind this tab's last one, up to the one under way, and shows the answers that
 * `isWanted` by their ids. Resolves at the end, when there is nothing to read any more, or when a
 * question has taken the reading over.
 */
export async function catchUp(
  transport: TriggerChatTransport,
  chatId: string,
  { isWanted, show, abortSignal }: {
    isWanted: (messageId: string) => boolean;
    show: (message: UIMessage) => void;
    abortSignal: AbortSignal;
  },
): Promise<void> {
  for (let turns = 0; turns < TURNS_LIMIT; turns++) {
    // A tab that has sent nothing yet knows no session.
    const session = transport.getSession(chatId) ?? (await transport.start(chatId));
    if (session.closed || abortSignal.aborted) return;
    // What is read already must not be told that another turn is under way.
    if (transport.connection(chatId).state !== "idle") return;
    const { activeInputSeq: _, ...known } = session;
    transport.setSession(chatId, { ...known, isStreaming: true });
    const answer = new LateAnswer(isWanted, show);
    const wasRead = await attachmentOf(transport).readLate(chatId, answer, abortSignal);
    // Of a stream that was trimmed the first record may be the end of a turn: there is more behind it.
    const hasMoved = transport.getSession(chatId)?.lastEventId !== session.lastEventId;
    if (answer.isTakenOver || (!wasRead && !hasMoved)) return;
  }
}
