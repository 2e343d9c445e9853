// What the tests of several tabs call in each of them: one chat, by the package or by the published one.

import { TriggerChatTransport as Published } from "@trigger.dev/sdk/chat";
import { TriggerChatTransport } from "trigger-chat-transport";

const CHAT = "shared";
let transport;

window.chat = {
  open(published) {
    const Class = published ? Published : TriggerChatTransport;
    transport = new Class({
      task: "agent",
      multiTab: true,
      baseURL: location.origin,
      accessToken: () => "minted",
      sessions: { [CHAT]: { publicAccessToken: "token", isStreaming: false } },
    });
  },

  /** Sends at a time that all tabs can agree on; "sent", or why not. */
  async sendAt(atMs, text) {
    while (Date.now() < atMs) {
      // Timers of two pages do not meet in the same instant.
    }
    const message = { id: crypto.randomUUID(), role: "user", parts: [{ type: "text", text }] };
    const options = { trigger: "submit-message", chatId: CHAT, messages: [message] };
    return transport.sendMessages(options).then(() => "sent", (error) => error.message);
  },

  stop: () => transport.stopGeneration(CHAT),
  isReadOnly: () => transport.isReadOnly(CHAT),
  hasClaim: () => transport.hasClaim(CHAT),
};
