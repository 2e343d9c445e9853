// Sub-agents outside React.

import {
  SUB_AGENT_DATA_TYPE,
  createSubAgentMessages,
  type SubAgentChunkBatch,
  type SubAgentDataChunk,
  type SubAgentMessages,
  type SubAgentMessagesOptions,
} from "@trigger.dev/sdk/chat";
import type { UIMessageChunk } from "ai";
import type { AgentMessage } from "./agent-types";

const options: SubAgentMessagesOptions = { throttleMs: 50 };

export const subAgents: SubAgentMessages<AgentMessage> = createSubAgentMessages(options);
export const plain: SubAgentMessages = createSubAgentMessages();

export function batchOf(chunk: UIMessageChunk): SubAgentChunkBatch | undefined {
  if (chunk.type !== SUB_AGENT_DATA_TYPE) return undefined;
  return (chunk as SubAgentDataChunk).data;
}

export function forward(toolCallId: string, chunks: UIMessageChunk[]): AgentMessage | undefined {
  const part: SubAgentDataChunk = {
    type: SUB_AGENT_DATA_TYPE,
    data: { toolCallId, seq: 0, chunks },
    transient: true,
  };
  subAgents.onData(part);
  return subAgents.get(toolCallId);
}

export const type: "data-subagent" = SUB_AGENT_DATA_TYPE;
