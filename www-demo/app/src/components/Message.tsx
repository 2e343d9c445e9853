import type { UIMessage } from "ai";
import { memo } from "react";
import { rawText } from "../message";
import { MessagePart } from "../parts/MessagePart";

type Props = { message: UIMessage; live: boolean };

export const Message = memo(function Message({ message, live }: Props) {
  if (message.role === "user") {
    return (
      <article className="message message-user" aria-label="You" data-testid="message-user" data-message-id={message.id}>
        {rawText(message)}
      </article>
    );
  }
  const lastIndex = message.parts.length - 1;
  return (
    <article
      className="message message-assistant"
      aria-label="Agent"
      data-testid="message-assistant"
      data-message-id={message.id}
      data-raw-text={rawText(message)}
    >
      {message.parts.map((part, index) => (
        <MessagePart key={index} part={part} live={live} last={index === lastIndex} />
      ))}
    </article>
  );
});
