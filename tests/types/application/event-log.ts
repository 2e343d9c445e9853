// Events: every type of them is named, so that a new one would not compile.

import type { ChatTransportEvent, ChatTransportSendSource } from "@trigger.dev/sdk/chat";

type Sent = Extract<ChatTransportEvent, { type: "message-sent" }>;
type Failed = Extract<ChatTransportEvent, { type: "message-send-failed" }>;
type EventType = ChatTransportEvent["type"];

const seen: Partial<Record<EventType, number>> = {};

const LABELS: Record<EventType, string> = {
  "message-sent": "sent",
  "message-send-failed": "not sent",
  "stream-connected": "connected",
  "first-chunk": "first chunk",
  "turn-completed": "completed",
  "stream-error": "stream failed",
  "session-closed": "closed",
  "run-pending-version": "waiting for a deployment",
};

const SOURCES = {
  "submit-message": true,
  "regenerate-message": true,
  steer: false,
  action: false,
  stop: false,
  "head-start": true,
} satisfies Record<ChatTransportSendSource, boolean>;

export function logEvent(event: ChatTransportEvent): void {
  seen[event.type] = (seen[event.type] ?? 0) + 1;
  console.debug(`[${event.timestamp}] ${event.chatId} ${LABELS[event.type]}: ${detailOf(event)}`);
}

export function detailOf(event: ChatTransportEvent): string {
  switch (event.type) {
    case "message-sent":
      return `${sizeOf(event)} bytes in ${event.durationMs} ms, ${event.messageId ?? "no id"}`;
    case "message-send-failed":
      return `${event.source} ${event.status ?? ""} ${event.error.message}`;
    case "stream-connected":
      return event.resumed ? `from ${event.lastEventId ?? "the start"}` : "new";
    case "first-chunk":
      return `${event.chunkType ?? "?"} after ${event.sinceSendMs ?? 0} ms`;
    case "turn-completed":
      return `${event.sessionInEventId ?? ""} ${event.sinceSendMs?.toFixed(0) ?? ""}`;
    case "stream-error":
      return `${event.status ?? ""} ${event.error.stack ?? event.error.name}`;
    case "session-closed":
      return `${event.reason ?? "no reason"} (${event.source === "stream" ? "told" : "refused"})`;
    case "run-pending-version":
      return event.source;
    default: {
      const never: never = event;
      throw new Error(`an event that nobody told of: ${never}`);
    }
  }
}

function sizeOf(event: Sent | Failed): number {
  return event.bodyBytes ?? 0;
}

/** The turns that a message began, by what was sent. */
export function startsTurn({ source }: Sent): boolean {
  return SOURCES[source];
}

/** A test's event. */
export const example: ChatTransportEvent = {
  type: "message-sent",
  chatId: "chat_1",
  timestamp: 0,
  source: "submit-message",
  durationMs: 3,
  partId: "part_1",
};

export function isFailure(
  event: ChatTransportEvent,
): event is Extract<ChatTransportEvent, { error: Error }> {
  return "error" in event;
}
