import { useEffect, useId, useRef, useState } from "react";
import type { Activity } from "../activity";
import { healFaults, injectFault, type Fault } from "../demoServer";
import { ActivityLog } from "./ActivityLog";
import { Icon } from "./Icon";

type Trouble = { name: string; effect: string; fault: Fault; times: number };

/** Far enough into an answer that the visitor has begun to read it. */
const afterBytes = 1500;

const troubles: Trouble[] = [
  {
    name: "Cut",
    effect: "Breaks off three times in mid-answer.",
    fault: { kind: "cut", afterBytes, end: "reset" },
    times: 3,
  },
  {
    name: "Stall",
    effect: "Stays open, but falls silent.",
    fault: { kind: "stall", afterBytes },
    times: 1,
  },
  {
    name: "Slow",
    effect: "Trickles in, a few bytes at a time.",
    fault: { kind: "slice", bytes: 48, delayMs: 60 },
    times: 1,
  },
];

type Props = { chatId: string; activity: readonly Activity[] };

/** Lets a visitor ruin the connection, and watch the answer survive it. */
export function ConnectionMenu({ chatId, activity }: Props) {
  const [open, setOpen] = useState(false);
  const [outcome, setOutcome] = useState("");
  const ref = useRef<HTMLDivElement>(null);
  const panelId = useId();

  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: PointerEvent) => {
      if (event.target instanceof Node && !ref.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", closeOutside);
    return () => document.removeEventListener("pointerdown", closeOutside);
  }, [open]);

  const attempt = (action: Promise<void>, done: string) => {
    action.then(
      () => setOutcome(done),
      (error: Error) => setOutcome(error.message),
    );
  };

  return (
    <div
      ref={ref}
      className="menu"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        ref.current?.querySelector("button")?.focus();
      }}
    >
      <button
        type="button"
        className="icon-button"
        aria-label="Break the connection"
        title="Break the connection"
        aria-expanded={open}
        aria-controls={panelId}
        onClick={() => setOpen(!open)}
      >
        <Icon name="plug" />
      </button>
      {open && (
        <section id={panelId} className="menu-panel" aria-label="Connection">
          <h2>Break the connection</h2>
          <p>Choose what goes wrong, then ask something. Not a word gets lost.</p>
          <div className="trouble-list">
            {troubles.map(({ name, effect, fault, times }) => (
              <button
                key={name}
                type="button"
                className="trouble"
                data-fault={fault.kind}
                onClick={() => attempt(injectFault(chatId, fault, times), `${name}: set for the next answer.`)}
              >
                <strong>{name}</strong>
                <span>{effect}</span>
              </button>
            ))}
          </div>
          <div className="menu-foot">
            <span role="status">{outcome}</span>
            <button type="button" className="link" onClick={() => attempt(healFaults(), "All well again.")}>
              Heal
            </button>
          </div>
          <ActivityLog activity={activity} />
        </section>
      )}
    </div>
  );
}
