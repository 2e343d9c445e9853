// The published transport.

import { TriggerChatTransport } from "@trigger.dev/sdk/chat";

export const createTransport = (options) => new TriggerChatTransport(options);
