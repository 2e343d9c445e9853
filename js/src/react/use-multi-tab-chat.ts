// One chat in several tabs: the tab whose turn it is tells the others what it shows.

import type { UIMessage } from "ai";
import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import type { TriggerChatTransport } from "../index.js";
import { attachmentOf } from "./attachment.js";
import { Speaker, goesOn, idOf } from "./speaker.js";
import { useLatest } from "./use-latest.js";

/**
 * Tells whether another tab has the turn, and keeps `messages` in step with the tab that has it. For
 * a transport with `multiTab: true`; `setMessages` is that of `useChat`.
 */
export function useMultiTabChat<T = unknown>(
  transport: TriggerChatTransport,
  chatId: string,
  messages: T[],
  setMessages: (messages: T[]) => void,
): { isReadOnly: boolean } {
  const isReadOnly = useReadOnly(transport, chatId);
  useSpeaking(transport, chatId, messages);
  useListening(transport, chatId, messages, setMessages);
  return { isReadOnly };
}

function useReadOnly(transport: TriggerChatTransport, chatId: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const listener = (id: string) => {
        if (id === chatId) changed();
      };
      transport.addReadOnlyListener(listener);
      return () => transport.removeReadOnlyListener(listener);
    },
    [transport, chatId],
  );
  return useSyncExternalStore(
    subscribe,
    () => transport.isReadOnly(chatId),
    () => false,
  );
}

function useSpeaking(transport: TriggerChatTransport, chatId: string, messages: unknown[]): void {
  const speaker = useRef<Speaker>(undefined);
  const latest = useLatest(messages);
  useEffect(() => {
    const ours = new Speaker(transport, chatId);
    speaker.current = ours;
    // The turn may have become ours without a change of the messages.
    const unsubscribe = transport.subscribe(() => ours.say(latest.current));
    return () => {
      unsubscribe();
      ours.end();
    };
  }, [transport, chatId, latest]);
  useEffect(() => speaker.current?.say(messages), [transport, chatId, messages]);
}

function useListening<T>(
  transport: TriggerChatTransport,
  chatId: string,
  messages: T[],
  setMessages: (messages: T[]) => void,
): void {
  const latest = useLatest({ messages, setMessages });
  useEffect(() => {
    const listener = (id: string, received: unknown[]) => {
      if (id !== chatId || transport.hasClaim(chatId)) return;
      const { messages, setMessages } = latest.current;
      const theirs = transport.isReadOnly(chatId) ? received : withLastWords(messages, received);
      if (theirs === messages) return;
      setMessages(withQuestion(theirs, attachmentOf(transport).asked(chatId)) as T[]);
    };
    transport.addMessagesListener(listener);
    return () => transport.removeMessagesListener(listener);
  }, [transport, chatId, latest]);
}

/**
 * In nobody's turn the end of an answer may still come, but not a history shorter than ours: unless
 * all that stands here behind it are questions, which were refused during that turn.
 */
function withLastWords(messages: unknown[], received: unknown[]): unknown[] {
  const rest = messages.slice(received.length) as { role?: unknown }[];
  if (rest.length === 0) return received;
  const isSameBefore = goesOn(received, messages);
  return isSameBefore && rest.every(({ role }) => role === "user") ? [...received, ...rest] : messages;
}

/** What is being asked here is not the others' to take away: their turn may be over before it is refused. */
function withQuestion(messages: unknown[], question: UIMessage | undefined): unknown[] {
  const isThere = messages.some((message) => idOf(message) === question?.id);
  return !question || isThere ? messages : [...messages, question];
}
