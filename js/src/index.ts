export { TriggerChatTransport, createChatTransport } from "./transport.js";
export { SUB_AGENT_DATA_TYPE, createSubAgentMessages } from "./sub-agents.js";
export type * from "./sub-agents.js";
export type * from "./types.js";
