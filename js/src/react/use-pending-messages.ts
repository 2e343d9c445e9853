// What the user writes while the agent answers.

import type { UIMessage } from "ai";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { attachmentOf } from "./attachment.js";
import {
  getInjectedMessageIds,
  getInjectedMessages,
  injectedIn,
  isInjectionPoint,
} from "./injections.js";
import { PendingList, partsOf } from "./pending-list.js";
import type { UsePendingMessagesOptions, UsePendingMessagesReturn } from "./types.js";
import { useLatest } from "./use-latest.js";

const NOTHING: never[] = [];

/**
 * Steers the running turn, or keeps messages for the next one. A steered message that the turn does
 * not take up is answered by the agent as the next turn; that answer is then followed, and the
 * message not sent again.
 */
export function usePendingMessages<TUIMessage extends UIMessage = UIMessage>(
  options: UsePendingMessagesOptions<TUIMessage>,
): UsePendingMessagesReturn {
  const { transport, chatId, status, messages } = options;
  const latest = useLatest(options as unknown as UsePendingMessagesOptions<UIMessage>);
  const [list] = useState(() => new PendingList(latest));
  const held = useSyncExternalStore(list.subscribe, list.get, () => NOTHING);

  useEffect(() => void attachmentOf(transport), [transport]);

  const before = useRef({ chatId, status });
  useEffect(() => {
    const { chatId: chat, status: was } = before.current;
    before.current = { chatId, status };
    const wasBusy = was === "submitted" || was === "streaming";
    if (wasBusy && status === "ready" && chat === chatId) void list.turnEnded();
  }, [list, chatId, status]);

  const injected = injectedIn(messages);
  const pending = held
    .filter((each) => each.chatId === chatId && !injected.has(each.id))
    .map(({ id, input, mode, failed }) => {
      return { id, text: input.text, mode, injected: false, failed, parts: partsOf(input) };
    });
  const { steer, queue, promoteToSteering, discard } = list;
  return {
    pending,
    steer,
    queue,
    promoteToSteering,
    discard,
    isInjectionPoint,
    getInjectedMessageIds,
    getInjectedMessages,
  };
}
