import { useChat } from "@ai-sdk/react";
import { lastAssistantMessageIsCompleteWithApprovalResponses } from "ai";
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
  const { messages, status, error } = chat;
  const activity = useActivity(chatId);

  const send = (text: string) => {
    recordAsked(chatId);
    void chat.sendMessage({ text });
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
  return { messages, status, busy, error, activity, send, answerApproval, stop, retry };
}
