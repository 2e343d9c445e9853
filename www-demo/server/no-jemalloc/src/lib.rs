//! Nothing: what depends on jemalloc here never calls it.
