//! What the events of a response come to.

use super::Record;

/// What an event of the stream means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A record.
    Record(Record),
    /// How far the stream is written: the `seq_num` that its next record will get.
    Tail(u64),
    /// The server is there and the socket works; nothing else.
    Ping,
    /// The window is over: the server ends the response behind this.
    Done,
}
