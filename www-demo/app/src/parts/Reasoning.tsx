import { useState } from "react";
import { Icon } from "../components/Icon";

type Props = { text: string; thinking: boolean };

/** Open while the agent thinks, closed once it has, unless the reader decided otherwise. */
export function Reasoning({ text, thinking }: Props) {
  const [chosen, setChosen] = useState<boolean>();
  const open = chosen ?? thinking;
  return (
    <details className="reasoning" data-testid="reasoning" data-thinking={thinking || undefined} open={open}>
      <summary
        onClick={(event) => {
          event.preventDefault();
          setChosen(!open);
        }}
      >
        <Icon name="spark" />
        <span>{thinking ? "Thinking" : "Thought it through"}</span>
        <Icon name="chevron" />
      </summary>
      <p>{text}</p>
    </details>
  );
}
