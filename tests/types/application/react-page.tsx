// The hooks, as the documentation uses them.

import { useChat } from "@ai-sdk/react";
import type { TriggerChatTransport } from "@trigger.dev/sdk/chat";
import {
  seedTranscriptCursor,
  useChatActions,
  useLoadTranscript,
  useMultiTabChat,
  usePendingMessages,
  useSubAgentMessages,
  useTriggerChatTransport,
  type ChatTransportEvent,
  type ChatTransportSendSource,
  type InferChatUIMessage,
  type InjectedMessage,
  type LoadTranscriptResult,
  type PendingMessage,
  type UseLoadTranscriptOptions,
  type UsePendingMessagesOptions,
  type UsePendingMessagesReturn,
  type UseTriggerChatTransportOptions,
} from "@trigger.dev/sdk/chat/react";
import type { UIMessage } from "ai";
import { useState } from "react";
import type { plainAgent, supportAgent } from "./agent";
import { sessionStore } from "./session-store";

type Message = InferChatUIMessage<typeof supportAgent>;

const accessToken = async ({ chatId }: { chatId: string }) => `token of ${chatId}`;
declare const loadTranscript: (params: {
  chatId: string;
  limit?: number;
  before?: string;
}) => Promise<LoadTranscriptResult<Message>>;
declare const report: (event: ChatTransportEvent) => void;
declare const sourceOf: (source: ChatTransportSendSource) => string;

export function Page({ chatId, locale }: { chatId: string; locale: string }) {
  const transport = useTriggerChatTransport<typeof supportAgent>({
    task: "support",
    accessToken,
    startSession: async ({ clientData }) => ({ publicAccessToken: clientData.userId }),
    clientData: { userId: "user_1", locale },
    sessions: sessionStore.load(),
    onSessionChange: sessionStore.save,
    onEvent: (event) => {
      report(event);
      if (event.type === "message-sent") sourceOf(event.source);
    },
    multiTab: true,
  });
  const options: UseLoadTranscriptOptions = { transport, limit: 50 };
  const { messages, isLoading, error, nextCursor } = useLoadTranscript(chatId, loadTranscript, options);
  if (isLoading) return <p>Loading</p>;
  if (error) return <p>{error.message}</p>;
  return (
    <section data-before={nextCursor}>
      <Conversation chatId={chatId} initial={messages} transport={transport} />
    </section>
  );
}

type Props = { chatId: string; initial: Message[]; transport: TriggerChatTransport };

function Conversation({ chatId, initial, transport }: Props) {
  const subAgents = useSubAgentMessages<Message>({ throttleMs: 50 });
  const { messages, setMessages, sendMessage, status, stop } = useChat<Message>({
    id: chatId,
    messages: initial,
    transport,
    resume: initial.length > 0,
    onData: subAgents.onData,
  });
  const { isReadOnly } = useMultiTabChat(transport, chatId, messages, setMessages);
  const pending = usePendingMessages({
    transport,
    chatId,
    status,
    messages,
    setMessages,
    sendMessage,
    metadata: { model: "gpt-5" },
  });
  const { sendAction } = useChatActions({ sendMessage });
  const [input, setInput] = useState("");
  const undo = async () => {
    setMessages((before) => before.slice(0, -2));
    await sendAction({ type: "undo" });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        pending.steer(input);
        setInput("");
      }}
    >
      {messages.map((message) => (
        <article key={message.id}>
          {message.parts.map((part, at) =>
            pending.isInjectionPoint(part) ? (
              <ul key={at} data-ids={pending.getInjectedMessageIds(part).join()}>
                {pending.getInjectedMessages(part).map(({ id, text }: InjectedMessage) => (
                  <li key={id}>{text}</li>
                ))}
              </ul>
            ) : (
              <Part key={at} part={part} subAgent={subAgents.get} />
            ),
          )}
        </article>
      ))}
      {pending.pending.map((message) => (
        <Pending key={message.id} message={message} promote={pending.promoteToSteering} />
      ))}
      <button type="button" onClick={() => pending.queue(input)} disabled={isReadOnly} />
      <button type="button" onClick={undo} />
      <button
        type="button"
        onClick={() => {
          stop();
          transport.stopGeneration(chatId);
        }}
      />
    </form>
  );
}

type PartProps = { part: Message["parts"][number]; subAgent: (toolCallId: string) => Message | undefined };

function Part({ part, subAgent }: PartProps) {
  if (part.type === "tool-findOrder") return <p>{subAgent(part.toolCallId)?.metadata?.tokens}</p>;
  return <p>{part.type}</p>;
}

type PendingProps = {
  message: PendingMessage;
  promote: UsePendingMessagesReturn["promoteToSteering"];
};

function Pending({ message, promote }: PendingProps) {
  const { id, text, mode, injected } = message;
  const label: { [M in PendingMessage["mode"]]: string } = { steering: "Sent", queued: "Waiting" };
  return (
    <button onClick={() => promote(id)} disabled={injected}>
      {text} {label[mode]}
    </button>
  );
}

/** Without a type of the agent, and by a factory of options. */
export function usePlainTransport(extra: Partial<UseTriggerChatTransportOptions>): TriggerChatTransport {
  return useTriggerChatTransport({ task: "plain", accessToken, ...extra });
}

export const plainOptions: UseTriggerChatTransportOptions<typeof plainAgent> = {
  task: "plain",
  accessToken: () => "token",
  clientData: { any: "thing" },
};

export function pendingOptions<M extends UIMessage>(
  options: Omit<UsePendingMessagesOptions<M>, "status">,
): UsePendingMessagesOptions<M> {
  return { ...options, status: "ready" };
}

export const seeded: boolean = seedTranscriptCursor(
  { seedResumeCursor: (chatId, lastEventId) => void [chatId, lastEventId] },
  "chat_1",
  { lastOutEventId: "7" },
);
