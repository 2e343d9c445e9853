// The class knows the application's message, which the published one does not.

import { useChat } from "@ai-sdk/react";
import type { ChatTransport, UIMessage } from "ai";
import { TriggerChatTransport, createChatTransport } from "trigger-chat-transport";
import type { InferChatUIMessage, TriggerChatTransportOptions } from "trigger-chat-transport";
import type { SupportMessage, supportAgent } from "../application/agent";

const options: TriggerChatTransportOptions = { task: "support", accessToken: () => "token" };

export const support = new TriggerChatTransport<SupportMessage>(options);
export const made = createChatTransport<InferChatUIMessage<typeof supportAgent>>(options);
export const transports: ChatTransport<SupportMessage>[] = [support, made, createChatTransport(options)];

/** A transport of any message serves for one of a certain message, not the other way. */
export const widened: TriggerChatTransport<SupportMessage> = new TriggerChatTransport(options);
// @ts-expect-error: not every message is a `SupportMessage`
export const narrowed: TriggerChatTransport = support;

export function Chat({ message }: { message: UIMessage }) {
  const { messages } = useChat({ transport: support });
  const inline = useChat<SupportMessage>({ transport: new TriggerChatTransport(options) });
  const both: SupportMessage[] = [...messages, ...inline.messages];
  void support.sendMessages({
    trigger: "submit-message",
    chatId: "chat_1",
    messageId: undefined,
    // @ts-expect-error: nor is this one
    messages: [message],
    abortSignal: undefined,
  });
  return <p>{both.map(({ metadata }) => metadata?.tokens).join()}</p>;
}
