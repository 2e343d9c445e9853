// The chunks of an answer, as lines of a difference.

/** `sign` is `-` where the reference shows them alone, `+` where ours does. */
export function answer(sign, text = "Hello") {
  const lines = [
    '{"messageId":"a1","type":"start"}',
    '{"id":"t","type":"text-start"}',
    `{"delta":"${text}","id":"t","type":"text-delta"}`,
    '{"id":"t","type":"text-end"}',
    '{"type":"finish"}',
  ];
  return lines.map((line) => `${sign} ${line}`).join("\n");
}
