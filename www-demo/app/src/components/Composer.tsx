import { useEffect, useLayoutEffect, type KeyboardEvent, type RefObject } from "react";
import { focusUnlessTouch } from "../focus";
import { Icon } from "./Icon";

type Props = {
  input: RefObject<HTMLTextAreaElement | null>;
  draft: string;
  busy: boolean;
  onDraft: (draft: string) => void;
  onSend: (text: string) => void;
  onStop: () => void;
};

export function Composer({ input, draft, busy, onDraft, onSend, onStop }: Props) {
  const empty = draft.trim() === "";

  useEffect(() => focusUnlessTouch(input.current), [input]);

  useLayoutEffect(() => {
    const box = input.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }, [input, draft]);

  const send = () => {
    if (busy || empty) return;
    onSend(draft.trim());
    onDraft("");
    input.current?.focus();
  };
  const stop = () => {
    onStop();
    focusUnlessTouch(input.current);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={input}
        rows={1}
        value={draft}
        placeholder="Message the demo agent"
        aria-label="Message"
        data-testid="chat-input"
        enterKeyHint="send"
        onChange={(event) => onDraft(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {busy ? (
        <button type="button" className="round" aria-label="Stop" data-testid="stop" onClick={stop}>
          <Icon name="stop" />
        </button>
      ) : (
        <button type="submit" className="round" aria-label="Send" data-testid="send" disabled={empty}>
          <Icon name="up" />
        </button>
      )}
    </form>
  );
}
