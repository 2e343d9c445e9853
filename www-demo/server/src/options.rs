//! The command line. It only turns words into an `Options`; it never reads files or opens sockets.

use std::path::PathBuf;

pub(crate) const USAGE: &str = "\
session-server: Trigger.dev's session routes over s2-lite, with a demo agent

  --port N               port on 127.0.0.1, 0 for any free one (default 4100)
  --static DIR           serve a built single-page app from DIR
  --s2 URL               use this S2 server instead of the embedded one
                         (bearer token from S2_ACCESS_TOKEN)
  --secret-key KEY       secret API key, also signs the tokens (default tr_dev_demo)
  --token-ttl-seconds N  lifetime of session tokens (default 3600)
  --worker-task TASK     leave the sessions of TASK to a worker of the caller's own

Answers come from the demo agent, or from an OpenAI-compatible endpoint when
OPENAI_BASE_URL is set (with OPENAI_API_KEY and OPENAI_MODEL).";

/// What the server was asked to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) port: u16,
    pub(crate) static_dir: Option<PathBuf>,
    pub s2_url: Option<String>,
    pub(crate) secret_key: String,
    pub(crate) token_ttl_seconds: u64,
    /// The task that the demo agent does not answer.
    pub(crate) worker_task: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 4100,
            static_dir: None,
            s2_url: None,
            secret_key: "tr_dev_demo".to_owned(),
            token_ttl_seconds: 3600,
            worker_task: None,
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OptionsError {
    /// `--help` was asked for: not a failure, but nothing is to be started.
    Help,
    Invalid(String),
}

/// Reads `--flag value` and `--flag=value`.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Options, OptionsError> {
    let mut options = Options::default();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let (flag, inline) = match argument.split_once('=') {
            Some((flag, value)) => (flag.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        if flag == "--help" || flag == "-h" {
            return Err(OptionsError::Help);
        }
        let value = match inline {
            Some(value) => value,
            None => arguments
                .next()
                .ok_or_else(|| OptionsError::Invalid(format!("{flag} needs a value")))?,
        };
        match flag.as_str() {
            "--port" => options.port = number(&flag, &value)?,
            "--static" => options.static_dir = Some(PathBuf::from(value)),
            "--s2" => options.s2_url = Some(value),
            "--secret-key" => options.secret_key = value,
            "--token-ttl-seconds" => options.token_ttl_seconds = number(&flag, &value)?,
            "--worker-task" => options.worker_task = Some(value),
            _ => return Err(OptionsError::Invalid(format!("unknown option {flag}"))),
        }
    }
    Ok(options)
}

fn number<T: std::str::FromStr>(flag: &str, value: &str) -> Result<T, OptionsError> {
    value
        .parse()
        .map_err(|_| OptionsError::Invalid(format!("{flag} wants a number, not {value:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(words: &[&str]) -> Result<Options, OptionsError> {
        parse(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn both_spellings_of_a_value_are_read() {
        let options = from(&["--port", "0", "--token-ttl-seconds=3"]).expect("valid options");
        assert_eq!((options.port, options.token_ttl_seconds), (0, 3));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let error = from(&["--port", "many"]).expect_err("not a number");
        assert!(matches!(error, OptionsError::Invalid(text) if text.contains("--port")));
        assert!(from(&["--unknown", "1"]).is_err());
        assert!(from(&["--static"]).is_err());
    }
}
