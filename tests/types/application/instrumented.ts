// The transport, extended and replaced.

import {
  TriggerChatTransport,
  type ChatSessionPersistedState,
  type TriggerChatTransportOptions,
} from "@trigger.dev/sdk/chat";
import type { ChatTransport, UIMessage } from "ai";

type SendMessages = TriggerChatTransport["sendMessages"];

/** Counts what is sent, and tidies up after itself. */
export class InstrumentedTransport extends TriggerChatTransport {
  sent = 0;
  private readonly opened = new Set<string>();

  constructor(options: Omit<TriggerChatTransportOptions, "task">) {
    super({ ...options, task: "support" });
    const send: SendMessages = this.sendMessages;
    this.sendMessages = async (sending) => {
      this.sent += 1;
      return send(sending);
    };
  }

  override async start(chatId: string): Promise<ChatSessionPersistedState> {
    this.opened.add(chatId);
    return super.start(chatId);
  }

  override setSession(chatId: string, session: ChatSessionPersistedState): void {
    super.setSession(chatId, { ...session, isStreaming: false });
  }

  override dispose(): void {
    this.opened.clear();
    super.dispose();
  }
}

/** A chat's transport where any will do. */
export const transports: Record<string, ChatTransport<UIMessage>> = {
  trigger: new InstrumentedTransport({ accessToken: () => "token" }),
};

/** What a test puts in the transport's place. */
type Stops = Pick<TriggerChatTransport, "stopGeneration" | "clearSupersedeGate" | "getSession">;

export function fakeStops(stopped: string[]): Stops {
  return {
    stopGeneration: async (chatId) => stopped.push(chatId) > 0,
    clearSupersedeGate() {},
    getSession: () => undefined,
  };
}

export const fake = fakeStops([]) as unknown as TriggerChatTransport;
