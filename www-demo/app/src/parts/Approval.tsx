import { use } from "react";
import { ApprovalContext } from "../components/ApprovalContext";

export function Approval({ approvalId }: { approvalId: string }) {
  const answer = use(ApprovalContext);
  return (
    <div className="approval" role="group" aria-label="Approval">
      <p>May the agent do this?</p>
      <div>
        <button type="button" className="button primary" data-testid="approve" onClick={() => answer(approvalId, true)}>
          Approve
        </button>
        <button type="button" className="button" data-testid="deny" onClick={() => answer(approvalId, false)}>
          Deny
        </button>
      </div>
    </div>
  );
}
