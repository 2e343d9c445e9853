// Brings a transport in line with a transcript that was loaded from elsewhere.

import type { TriggerChatTransport } from "../index.js";

/**
 * Sets the chat's resume cursor to where the transcript ends, so that what it holds is not streamed
 * again; before the session is known, too. Answers whether the transcript named a cursor.
 */
export function seedTranscriptCursor(
  transport: Pick<TriggerChatTransport, "seedResumeCursor">,
  chatId: string,
  cursors: { lastOutEventId?: string } | undefined,
): boolean {
  const cursor = cursors?.lastOutEventId;
  if (!cursor) return false;
  transport.seedResumeCursor(chatId, cursor);
  return true;
}
