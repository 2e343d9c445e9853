import { isDataUIPart, isToolUIPart, type UIMessage } from "ai";
import { DataPart } from "./DataPart";
import { Reasoning } from "./Reasoning";
import { Text } from "./Text";
import { ToolCall } from "./ToolCall";

type Props = {
  part: UIMessage["parts"][number];
  /** Whether the answer that this part belongs to is still being written. */
  live: boolean;
  /** Whether nothing follows this part yet. */
  last: boolean;
};

export function MessagePart({ part, live, last }: Props) {
  if (part.type === "text") return <Text text={part.text} writing={live && last} />;
  if (part.type === "reasoning") return <Reasoning text={part.text} thinking={live && part.state === "streaming"} />;
  if (isToolUIPart(part)) return <ToolCall part={part} live={live} />;
  if (isDataUIPart(part)) return <DataPart name={part.type.slice("data-".length)} data={part.data} />;
  return null;
}
