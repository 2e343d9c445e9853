// The size of what is downloaded: brotli at its best, as content networks have it.

import { brotliCompressSync, constants } from "node:zlib";

export function brotliSize(bytes) {
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}
