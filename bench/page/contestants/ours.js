// The package as it is built.

import { TriggerChatTransport } from "trigger-chat-transport";

export const createTransport = (options) => new TriggerChatTransport(options);
