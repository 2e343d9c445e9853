// A transport for the life of a component, which always calls the newest callbacks.

import { useEffect, useInsertionEffect, useLayoutEffect, useRef } from "react";
import { TriggerChatTransport, type TriggerChatTransportOptions } from "../index.js";
import { attachmentOf } from "./attachment.js";
import type { AnyTask } from "./task.js";
import type { UseTriggerChatTransportOptions } from "./types.js";
import { useRestoredPage } from "./use-restored-page.js";

/** The server has no layout, and React 18 says so for each such effect. */
const useLayout = typeof document === "undefined" ? useEffect : useLayoutEffect;

/**
 * A `TriggerChatTransport`, made at the first render and kept. Callbacks, `fetch` and `clientData`
 * may change with every render. Unmounting, or another `chatId`, leaves a turn without stopping it.
 */
export function useTriggerChatTransport<TTask extends AnyTask = AnyTask>(
  options: UseTriggerChatTransportOptions<TTask>,
): TriggerChatTransport {
  const { chatId, ...rest } = options;
  // Widened once: what the client data's type is matters to the caller alone.
  const given = rest as unknown as TriggerChatTransportOptions;
  const ref = useRef<TriggerChatTransport>(undefined);
  const transport = (ref.current ??= attached(new TriggerChatTransport(given)));
  useInsertionEffect(() => {
    transport.setAccessToken(given.accessToken);
    transport.setStartSession(given.startSession);
    transport.setFetch(given.fetch);
    transport.setClientData(given.clientData);
    transport.setOnEvent(given.onEvent);
    transport.setOnSessionChange(given.onSessionChange);
  });
  useDeparture(transport, chatId);
  useRestoredPage();
  return transport;
}

function attached(transport: TriggerChatTransport): TriggerChatTransport {
  attachmentOf(transport);
  return transport;
}

/**
 * `useChat` aborts when it unmounts, just as on a stop. It does so in a passive effect; the cleanup
 * of an insertion effect comes before those, and StrictMode does not rehearse it.
 */
function useDeparture(transport: TriggerChatTransport, chatId: string | undefined): void {
  useInsertionEffect(() => {
    const attachment = attachmentOf(transport);
    return () => attachment.leave();
  }, [transport]);
  useInsertionEffect(() => {
    if (chatId !== undefined) return () => attachmentOf(transport).leave(chatId);
  }, [transport, chatId]);

  // `Activity` hides a component without unmounting it. StrictMode's rehearsal looks the same, but
  // comes in the very task of the mount: by then nothing is settled.
  const settled = useRef(false);
  useLayout(() => {
    const attachment = attachmentOf(transport);
    attachment.isHidden = false;
    return () => {
      attachment.isHidden = settled.current;
    };
  }, [transport]);
  useEffect(() => {
    queueMicrotask(() => {
      settled.current = true;
    });
    return () => {
      settled.current = false;
    };
  }, []);
}
