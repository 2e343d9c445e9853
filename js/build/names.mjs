// Short names between the module and its glue. wasm-bindgen names each import and export after its
// method, many with a hash, in the wasm file and in the glue. Hashes do not compress: 2 KB in all.

const IMPORT_SECTION = 2;
const EXPORT_SECTION = 7;
const FUNCTION = 0;

/** Renames the imports and exports of `wasm`; gives the new bytes, and the new glue. */
export function shortenNames(wasm, glue) {
  const imports = shortenImports(wasm, glue);
  return shortenExports(imports.wasm, imports.glue);
}

function shortNames() {
  const names = new Map();
  const short = (name) => {
    if (!names.has(name)) names.set(name, `$${names.size.toString(36)}`);
    return names.get(name);
  };
  return { names, short };
}

function shortenExports(wasm, glue) {
  const { names, short } = shortNames();
  const renamed = rewriteSection(wasm, EXPORT_SECTION, (reader) => {
    const count = reader.number();
    const bytes = [...leb(count)];
    for (let n = 0; n < count; n++) {
      bytes.push(...text(short(reader.text())), reader.byte(), ...leb(reader.number()));
    }
    return bytes;
  });
  const shortened = glue.replace(/\bwasm\.([\w$]+)/g, (whole, name) =>
    names.has(name) ? `wasm.${names.get(name)}` : whole,
  );
  return { wasm: renamed, glue: shortened };
}

function shortenImports(wasm, glue) {
  const { names, short } = shortNames();
  const renamed = rewriteSection(wasm, IMPORT_SECTION, (reader) => {
    const count = reader.number();
    const bytes = [...leb(count)];
    for (let n = 0; n < count; n++) {
      bytes.push(...text(short(reader.text())), ...text(short(reader.text())));
      if (reader.byte() !== FUNCTION) throw new Error("the module imports more than functions");
      bytes.push(FUNCTION, ...leb(reader.number()));
    }
    return bytes;
  });
  let shortened = glue;
  for (const [long, name] of names) {
    const parts = shortened.split(long);
    if (parts.length !== 2) throw new Error(`the glue names ${long} ${parts.length - 1} times`);
    shortened = parts.join(name);
  }
  return { wasm: renamed, glue: shortened };
}

function rewriteSection(wasm, wanted, rewrite) {
  const reader = new Reader(wasm, 8);
  const pieces = [wasm.subarray(0, 8)];
  while (reader.at < wasm.length) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    if (id === wanted) {
      const payload = rewrite(reader);
      pieces.push(Buffer.from([id, ...leb(payload.length), ...payload]));
    } else {
      pieces.push(wasm.subarray(start, end));
    }
    reader.at = end;
  }
  return Buffer.concat(pieces);
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

function leb(value) {
  const bytes = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value);
  return bytes;
}

function text(value) {
  const bytes = Buffer.from(value);
  return [...leb(bytes.length), ...bytes];
}
