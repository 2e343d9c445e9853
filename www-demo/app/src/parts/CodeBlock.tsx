import { useRef, useState, type ReactNode } from "react";
import { Icon } from "../components/Icon";

const thanksMs = 1500;

export function CodeBlock({ language, children }: { language: string; children: ReactNode }) {
  const code = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState(false);

  const copy = async () => {
    await navigator.clipboard.writeText(code.current?.innerText ?? "");
    setCopied(true);
    setTimeout(() => setCopied(false), thanksMs);
  };

  return (
    <div className="code-block">
      <div className="code-head">
        <span>{language}</span>
        {/* Browsers offer the clipboard to secure pages only. */}
        {"clipboard" in navigator && (
          <button type="button" className="icon-button" aria-label={copied ? "Copied" : "Copy code"} onClick={copy}>
            <Icon name={copied ? "check" : "copy"} />
          </button>
        )}
      </div>
      <pre ref={code}>{children}</pre>
    </div>
  );
}
