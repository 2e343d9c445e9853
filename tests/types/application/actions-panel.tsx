// Actions: sent beside messages, with their settlement awaited.

import type {
  ChatActionOptions,
  ChatActionSettlement,
  TriggerChatTransport,
} from "@trigger.dev/sdk/chat";
import { useState } from "react";

type Action = { type: "undo" } | { type: "rename"; title: string };
type Props = { transport: Pick<TriggerChatTransport, "sendAction">; chatId: string };

export function ActionsPanel({ transport, chatId }: Props) {
  const [settled, setSettled] = useState<ChatActionSettlement | null>(null);
  const send = async (action: Action) => {
    const options: ChatActionOptions = { metadata: { from: "panel" }, onSettled: setSettled };
    const stream = await transport.sendAction(chatId, action, options);
    await stream.pipeTo(new WritableStream());
  };
  return (
    <div>
      <button onClick={() => send({ type: "undo" })}>Undo</button>
      <output>{settled && `${settled.inputSeq} ${settled.sessionInEventId}`}</output>
      <output>{settled?.lastEventId?.padStart(8)}</output>
    </div>
  );
}

/** The settlement as a promise that ends with the stream. */
export async function perform(
  transport: TriggerChatTransport,
  chatId: string,
  action: unknown,
  abortSignal: AbortSignal,
): Promise<ChatActionSettlement | undefined> {
  let settlement: ChatActionSettlement | undefined;
  const stream = await transport.sendAction(chatId, action, {
    abortSignal,
    onSettled: ({ inputSeq, sessionInEventId, lastEventId }) => {
      settlement = { inputSeq, sessionInEventId, ...(lastEventId && { lastEventId }) };
    },
  });
  for (const reader = stream.getReader(); ; ) if ((await reader.read()).done) return settlement;
}
