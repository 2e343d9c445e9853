import type { PendingMessage, UsePendingMessagesReturn } from "trigger-chat-transport/react";

type Props = Pick<UsePendingMessagesReturn, "pending" | "promoteToSteering" | "discard">;

/** What was written while the agent answers, and is not in the conversation yet. */
export function PendingList({ pending, promoteToSteering, discard }: Props) {
  if (pending.length === 0) return null;
  return (
    <ul className="pending" aria-label="Not in the conversation yet">
      {pending.map((message) => (
        <li key={message.id} data-testid="pending" data-mode={message.mode}>
          <span className="pending-text">{message.text}</span>
          <span className="pending-state">{stateOf(message)}</span>
          {(message.mode === "queued" || message.failed) && (
            <>
              <button type="button" className="link" onClick={() => promoteToSteering(message.id)}>
                {message.failed ? "Send again" : "Send now"}
              </button>
              <button type="button" className="link" onClick={() => discard(message.id)}>
                Discard
              </button>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function stateOf({ mode, failed }: PendingMessage): string {
  if (failed) return "Not delivered";
  return mode === "queued" ? "Next" : "Sent";
}
