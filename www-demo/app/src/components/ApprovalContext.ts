import { createContext } from "react";

/** How a tool card, deep in a message, answers the agent's question. */
export const ApprovalContext = createContext<(approvalId: string, approved: boolean) => void>(() => undefined);
