// A WebAssembly module as its sections, to read and to rewrite (core specification, section 5.5).

export const SECTIONS = { custom: 0, import: 2, export: 7, code: 10 };
export const FUNCTION = 0;

/** Each section: its number, where it starts with that, and a reader at its contents. */
export function* sections(wasm) {
  for (let start = 8; start < wasm.length; ) {
    const reader = new Reader(wasm, start);
    const id = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    yield { id, start, end, reader };
    start = end;
  }
}

/** The module with other contents in one kind of section: their bytes, or `undefined` for no section. */
export function rewriteSection(wasm, wanted, rewrite) {
  const pieces = [wasm.subarray(0, 8)];
  for (const { id, start, end, reader } of sections(wasm)) {
    if (id !== wanted) {
      pieces.push(wasm.subarray(start, end));
      continue;
    }
    const payload = rewrite(reader);
    if (payload) pieces.push(Buffer.from([id, ...leb(payload.length)]), Buffer.from(payload));
  }
  return Buffer.concat(pieces);
}

export function leb(value) {
  const bytes = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value);
  return bytes;
}

export function text(value) {
  const bytes = Buffer.from(value);
  return [...leb(bytes.length), ...bytes];
}

class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned LEB128 number. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }
}
