// What must not compile.

import {
  TriggerChatTransport,
  createChatTransport,
  type ChatActionSettlement,
  type ChatSessionPersistedState,
  type ChatTaskWirePayload,
  type ChatTransportEvent,
  type InferChatClientData,
  type TriggerChatTransportOptions,
} from "@trigger.dev/sdk/chat";
import type { AgentMessage } from "./agent-types";
import type { supportAgent } from "./agent";

const accessToken = () => "token";

// @ts-expect-error: `accessToken` is missing
export const tokenless = new TriggerChatTransport({ task: "support" });

// @ts-expect-error: `task` is missing
export const taskless = createChatTransport({ accessToken });

// @ts-expect-error: a token is a string
export const wrongToken = createChatTransport({ task: "support", accessToken: () => 7 });

// @ts-expect-error: there is no such option
export const unknownOption = createChatTransport({ task: "support", accessToken, endpoint: "/api" });

// @ts-expect-error: a session has a token
export const session: ChatSessionPersistedState = { lastEventId: "1" };

// @ts-expect-error: a cursor is text
export const cursor: ChatSessionPersistedState = { publicAccessToken: "t", lastEventId: 1 };

// @ts-expect-error: there is no such trigger
export const payload: ChatTaskWirePayload = { chatId: "chat_1", trigger: "resume" };

// @ts-expect-error: the client data needs a `userId`
export const clientData: InferChatClientData<typeof supportAgent> = { locale: "de" };

// @ts-expect-error: the client data of the options, too
export const data: TriggerChatTransportOptions<{ userId: string }>["clientData"] = {};

export function read(event: ChatTransportEvent, message: AgentMessage, transport: TriggerChatTransport) {
  // @ts-expect-error: not every event has an error
  console.info(event.error);
  // @ts-expect-error: there is no such event
  if (event.type === "disconnected") return;
  // @ts-expect-error: there is no such part
  if (message.parts.some((part) => part.type === "tool-refund")) return;
  // @ts-expect-error: the settlement is told, not returned
  const settled: Promise<ChatActionSettlement> = transport.sendAction("chat_1", {});
  // @ts-expect-error: a chat is named
  void transport.stopGeneration();
  // @ts-expect-error: a status is one of two
  if (transport.sessionStatus("chat_1") === "closing") return;
  // @ts-expect-error: there is no such method
  transport.reopen("chat_1");
  return settled;
}
