// An entry of its own: pages that follow no sub-agents do not download it.

export { SUB_AGENT_DATA_TYPE, createSubAgentMessages } from "./sub-agents/messages.js";
export type * from "./sub-agents/types.js";
