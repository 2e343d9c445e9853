//! WHATWG HTML, section 9.2.6, read literally and without haste: the whole stream at once, as text.
//!
//! What the crate's reader is compared with. It shares no code and no idea with it: no chunks, no
//! bytes, no buffers that are kept. It knows no limits.

/// A dispatched event.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its type.
    pub(crate) name: String,
    /// Its data.
    pub(crate) data: String,
    /// The last event id when it was dispatched.
    pub(crate) id: String,
}

/// All that a stream says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Interpretation {
    /// The events in order.
    pub(crate) events: Vec<Event>,
    /// The reconnection time that was asked for last; what does not fit is the largest number.
    pub(crate) retry_ms: Option<u64>,
}

/// Interprets a stream that ends behind `bytes`.
pub(crate) fn interpret(bytes: &[u8]) -> Interpretation {
    // "Streams must be decoded using the UTF-8 decode algorithm", which strips one byte order mark.
    let decoded = String::from_utf8_lossy(bytes);
    let text = decoded.strip_prefix('\u{FEFF}').unwrap_or(&decoded);

    let mut events = Vec::new();
    let mut retry_ms = None;
    let mut last_event_id_buffer = String::new();
    let mut event_type_buffer = String::new();
    let mut data_buffer = String::new();
    for line in lines(text) {
        if line.is_empty() {
            let last_event_id = last_event_id_buffer.clone();
            if data_buffer.is_empty() {
                event_type_buffer.clear();
                continue;
            }
            if data_buffer.ends_with('\n') {
                data_buffer.pop();
            }
            let name = match event_type_buffer.as_str() {
                "" => "message".to_owned(),
                set => set.to_owned(),
            };
            events.push(Event { name, data: data_buffer, id: last_event_id });
            data_buffer = String::new();
            event_type_buffer = String::new();
            continue;
        }
        if line.starts_with(':') {
            continue;
        }
        let (field, value) = match line.split_once(':') {
            Some((field, value)) => (field, value.strip_prefix(' ').unwrap_or(value)),
            None => (line, ""),
        };
        match field {
            "event" => event_type_buffer = value.to_owned(),
            "data" => {
                data_buffer.push_str(value);
                data_buffer.push('\n');
            }
            "id" if !value.contains('\0') => last_event_id_buffer = value.to_owned(),
            "retry" if !value.is_empty() && value.chars().all(|c| c.is_ascii_digit()) => {
                retry_ms = Some(value.parse().unwrap_or(u64::MAX));
            }
            _ => {}
        }
    }
    Interpretation { events, retry_ms }
}

/// The lines that are ended: by CR LF, LF or CR. What stands behind the last end is dropped.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\r', '\n']) {
        lines.push(&rest[..at]);
        let behind = &rest[at..];
        rest = behind.strip_prefix("\r\n").unwrap_or(&behind[1..]);
    }
    lines
}
