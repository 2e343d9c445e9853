// The entry `trigger-chat-transport/react`: the hooks, under the names of `@trigger.dev/sdk/chat/react`.

export { seedTranscriptCursor } from "./seed-transcript-cursor.js";
export { useChatActions } from "./use-chat-actions.js";
export { useChatConnection } from "./use-chat-connection.js";
export { useLoadTranscript } from "./use-load-transcript.js";
export { useMultiTabChat } from "./use-multi-tab-chat.js";
export { usePendingMessages } from "./use-pending-messages.js";
export { useSubAgentMessages } from "./use-sub-agent-messages.js";
export { useTriggerChatTransport } from "./use-trigger-chat-transport.js";
export type * from "./types.js";
export type {
  ChatConnection,
  ChatConnectionState,
  ChatTransportEvent,
  ChatTransportSendSource,
  InferChatUIMessage,
} from "../index.js";
