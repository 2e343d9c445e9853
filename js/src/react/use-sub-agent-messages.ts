// The messages of sub-agents while they work.

import type { UIMessage } from "ai";
import { useEffect, useReducer, useRef } from "react";
import {
  type SubAgentMessages,
  type SubAgentMessagesOptions,
  createSubAgentMessages,
} from "../index.js";

/**
 * Pass `onData` to `useChat`; `get(toolCallId)` is the sub-agent's message so far. The component
 * renders again when one has changed, at most once in `throttleMs`.
 */
export function useSubAgentMessages<TUIMessage extends UIMessage = UIMessage>(
  options?: Pick<SubAgentMessagesOptions, "throttleMs">,
): Pick<SubAgentMessages<TUIMessage>, "onData" | "get"> {
  const [, render] = useReducer((version: number) => version + 1, 0);
  const mounted = useRef(false);
  const ref = useRef<SubAgentMessages<TUIMessage>>(undefined);
  ref.current ??= createSubAgentMessages<TUIMessage>({
    throttleMs: options?.throttleMs,
    onChange: () => {
      if (mounted.current) render();
    },
  });
  // Not disposed: an unmounted component may be mounted again, and wants what it had.
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const { onData, get } = ref.current;
  return { onData, get };
}
