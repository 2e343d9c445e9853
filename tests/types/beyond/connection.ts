// The connection, and its event beside the published ones.

import { createChatTransport } from "trigger-chat-transport";
import type {
  ChatConnection,
  ChatConnectionEvent,
  ChatConnectionState,
  ChatTransportEvent,
} from "trigger-chat-transport";

type AnyEvent = ChatTransportEvent | ChatConnectionEvent;

const LABELS: Record<ChatConnectionState, string> = {
  idle: "",
  connecting: "Connecting",
  live: "",
  waiting: "Trying again",
  reconnecting: "Reconnecting",
  offline: "Offline",
  closed: "Closed",
};

export function labelOf({ state, attempt, nextRetryAt, behind }: ChatConnection, now: number): string {
  if (state === "waiting" && nextRetryAt !== undefined) {
    return `${LABELS[state]} in ${nextRetryAt - now} ms (attempt ${attempt})`;
  }
  return behind ? `${behind} records behind` : LABELS[state];
}

/** A callback that says that it wants them is told of both kinds. */
function onEvent(event: AnyEvent): string {
  if (event.type === "connection-changed") return labelOf(event.connection, event.timestamp);
  return event.type === "stream-error" ? event.error.message : event.type;
}

export const transport = createChatTransport({ task: "t", accessToken: () => "token", onEvent });
transport.setOnEvent(onEvent);

/** One that does not say so sees the published events, and may name them all. */
transport.setOnEvent((event) => {
  // @ts-expect-error: it is not among these
  if (event.type === "connection-changed") return;
});

export const connection: ChatConnection = transport.connection("chat_1");
