import { useChat } from "@ai-sdk/react";
import { lastAssistantMessageIsCompleteWithApprovalResponses } from "ai";
import { useChatActions, useChatConnection, useMultiTabChat, usePendingMessages } from "trigger-chat-transport/react";
import { isBroken, isUndelivered, recordAsked, useActivity } from "./activity";
import { openChat, type OpenedChat } from "./openChat";
import { transport } from "./transport";

/** At most one render in this time: more than the eye can follow, and enough for the text to flow. */
const throttle = 32;

export function useConversation(chatId: string, opened: OpenedChat) {
  const chat = useChat({
    id: chatId,
    messages: opened.messages,
    transport,
    resume: opened.resume,
    throttle,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
  });
  const { messages, setMessages, status, error } = chat;
  const activity = useActivity(chatId);
  const sendMessage: typeof chat.sendMessage = (message, options) => {
    // Where an answer is merely followed, its message was delivered before.
    if (!options?.body) recordAsked(chatId);
    return chat.sendMessage(message, options);
  };
  const pending = usePendingMessages({ transport, chatId, status, messages, setMessages, sendMessage });
  const { isReadOnly } = useMultiTabChat(transport, chatId, messages, setMessages);
  const connection = useChatConnection(transport, chatId);
  const { sendAction } = useChatActions(chat);

  // The agent forgets its last question and the answer; the page does so by itself.
  const undo = () => {
    const last = messages.findLastIndex(({ role }) => role === "user");
    if (last < 0) return;
    recordAsked(chatId);
    setMessages(messages.slice(0, last));
    void sendAction({ type: "undo" });
  };

  const answerApproval = (id: string, approved: boolean) => {
    recordAsked(chatId);
    void chat.addToolApprovalResponse({ id, approved, reason: approved ? undefined : "Denied by the user" });
  };

  // After a reload `useChat` only listens and its stop ends nothing, so the agent is told as well.
  const stop = () => {
    void chat.stop();
    void transport.stopGeneration(chatId);
  };

  const sendAgain = () => {
    const last = messages.at(-1);
    if (last?.role === "user") void chat.sendMessage({ parts: last.parts, messageId: last.id });
    else void chat.sendMessage();
  };

  // What to do again depends on what went wrong: the asking, the listening, or the answering.
  const retry = async () => {
    if (isUndelivered(activity)) return sendAgain();
    const reopened = await openChat(chatId).catch(() => undefined);
    if (!reopened) return;
    if (reopened.resume) {
      chat.setMessages(reopened.messages);
      void chat.resumeStream();
    } else if (isBroken(activity)) {
      chat.setMessages(reopened.messages);
      chat.clearError();
    } else {
      recordAsked(chatId);
      void chat.regenerate();
    }
  };

  const busy = status === "submitted" || status === "streaming";
  return {
    messages,
    status,
    busy,
    error,
    activity,
    connection,
    isReadOnly,
    pending,
    undo,
    answerApproval,
    stop,
    retry,
  };
}
