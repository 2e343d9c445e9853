// What the type of a chat agent says about its chats. An agent is known by its shape, so that no
// package of Trigger.dev is needed to name these types.

import type { UIMessage } from "ai";
import type { ChatTaskWirePayload } from "./wire.js";

/** A task that takes this payload. */
type TaskOf<TPayload> = { trigger: (payload: TPayload, ...options: any[]) => unknown };

/** The client data of a chat agent: `InferChatClientData<typeof agent>`. */
export type InferChatClientData<T> =
  T extends TaskOf<ChatTaskWirePayload<any, infer TMetadata>>
    ? unknown extends TMetadata
      ? Record<string, unknown>
      : TMetadata
    : Record<string, unknown>;

/** The UI message of a chat agent: `InferChatUIMessage<typeof agent>`. */
export type InferChatUIMessage<T> =
  T extends TaskOf<ChatTaskWirePayload<infer TUIMessage, any>> ? TUIMessage : UIMessage;
