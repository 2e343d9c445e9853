import { getToolName, type DynamicToolUIPart, type ToolUIPart } from "ai";
import { Icon } from "../components/Icon";
import { Approval } from "./Approval";
import { Json } from "./Json";

type Part = ToolUIPart | DynamicToolUIPart;
type Props = { part: Part; live: boolean };

export function ToolCall({ part, live }: Props) {
  return (
    <section className="tool" aria-label={`Tool ${getToolName(part)}`} data-testid="tool" data-tool-state={part.state}>
      <header>
        <Icon name="tool" />
        <code>{getToolName(part)}</code>
        <span className="tool-state">{stateLabel(part, live)}</span>
      </header>
      {part.input !== undefined && (
        <>
          <h3>Input</h3>
          <Json value={part.input} />
        </>
      )}
      {part.state === "approval-requested" && <Approval approvalId={part.approval.id} />}
      {part.state === "output-available" && (
        <>
          <h3>Result</h3>
          <Json value={part.output} />
        </>
      )}
      {part.state === "output-error" && <p className="tool-error">{part.errorText}</p>}
    </section>
  );
}

function stateLabel(part: Part, live: boolean): string {
  switch (part.state) {
    case "input-streaming":
      return live ? "preparing" : "interrupted";
    case "input-available":
      return live ? "running" : "interrupted";
    case "approval-requested":
      return "needs your approval";
    case "approval-responded":
      return part.approval.approved ? "approved" : "denied";
    case "output-available":
      return part.preliminary ? "running" : "done";
    case "output-error":
      return "failed";
    case "output-denied":
      return "denied";
  }
}
