import type { UIMessage } from "ai";
import { fetchAccessToken, fetchTranscript } from "./demoServer";
import { transport } from "./transport";

export type OpenedChat = { messages: UIMessage[]; resume: boolean };

export const emptyChat: OpenedChat = { messages: [], resume: false };

/**
 * Loads a conversation and brings the transport's cursor in line with it: the transport replays
 * what comes after its cursor, so messages and cursor have to describe the same moment.
 */
export async function openChat(chatId: string): Promise<OpenedChat> {
  const transcript = await fetchTranscript(chatId);
  if (!transcript) return emptyChat;

  const { messages, isStreaming } = transcript;
  const lastEventId = transcript.lastEventId ?? undefined;
  const known = transport.getSession(chatId);
  // Either the conversation went on without this page, or the page was left before it knew that its
  // question had arrived: what is known streams on only where an answer is known to be under way.
  const isInLine = known?.lastEventId === lastEventId && (known?.isStreaming || !isStreaming);

  if (!known || !(known.closed || isInLine)) {
    const publicAccessToken = known?.publicAccessToken ?? (await fetchAccessToken(chatId));
    transport.setSession(chatId, { publicAccessToken, lastEventId, isStreaming });
  }
  return { messages, resume: transport.getSession(chatId)?.isStreaming ?? false };
}
