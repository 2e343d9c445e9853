import { memo, useDeferredValue } from "react";
import { Markdown } from "./Markdown";

type Props = { text: string; writing: boolean };

/** Deferred, so that a long answer re-parsed many times a second never holds up typing. */
export const Text = memo(function Text({ text, writing }: Props) {
  const shown = useDeferredValue(text);
  if (text === "") return null;
  return (
    <div className="text" data-testid="text" data-writing={writing || undefined}>
      <Markdown text={shown} />
    </div>
  );
});
