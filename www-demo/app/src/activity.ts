// What the transport reports, chat by chat: read by the status badge, the connection menu, the
// list of chats and the Retry button. Nothing here steers the transport.
import { useSyncExternalStore } from "react";
import type { ChatTransportEvent } from "trigger-chat-transport";

/** The page's own mark: the visitor asked for something that the transport now has to deliver. */
type Asked = { type: "asked"; chatId: string; timestamp: number };
export type Activity = ChatTransportEvent | Asked;

const kept = 40;
const nothing: readonly Activity[] = [];
const logs = new Map<string, readonly Activity[]>();
const listeners = new Set<(activity: Activity) => void>();

export function recordActivity(activity: Activity): void {
  logs.set(activity.chatId, [...activityOf(activity.chatId), activity].slice(-kept));
  for (const listener of listeners) listener(activity);
}

export function recordAsked(chatId: string): void {
  recordActivity({ type: "asked", chatId, timestamp: Date.now() });
}

export function activityOf(chatId: string): readonly Activity[] {
  return logs.get(chatId) ?? nothing;
}

export function onActivity(listener: (activity: Activity) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useActivity(chatId: string): readonly Activity[] {
  return useSyncExternalStore(onActivity, () => activityOf(chatId));
}

/** Whether the visitor's last request never reached the server, so that it has to be made again. */
export function isUndelivered(log: readonly Activity[]): boolean {
  const last = log.findLast(({ type }) => type === "asked" || type === "message-sent");
  return last?.type === "asked";
}

/** Whether the stream failed on its way, rather than the agent that writes it. */
export function isBroken(log: readonly Activity[]): boolean {
  const asked = log.findLastIndex(({ type }) => type === "asked");
  return log.slice(asked + 1).some(({ type }) => type === "stream-error");
}
