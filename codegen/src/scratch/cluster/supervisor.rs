//! The owner's side of `supervisor.sh`, the small shell process that owns one server and its directory.
//! It holds the only write end of the supervisor's stdin. If anything else held one, the clean-up would never happen.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::super::error::{Kind, ScratchError};
use super::account::{self, Account};

const SCRIPT: &str = include_str!("supervisor.sh");

/// The variables for language and time zone, `LC_ALL` aside.
const LANGUAGE: [&str; 3] = ["LANG", "LANGUAGE", "TZ"];

/// The number of lines of the server's log in an error.
const LOG_LINES: usize = 20;

/// A running supervisor; dropping it stops the server and removes the directory.
#[derive(Debug)]
pub(in crate::scratch) struct Supervisor {
    child: Child,
    /// `None` only while dropping.
    stdin: Option<ChildStdin>,
    /// `None` once the server has been started.
    stdout: Option<BufReader<ChildStdout>>,
    home: PathBuf,
    account: Option<Account>,
}

impl Supervisor {
    /// Starts a supervisor, which creates the directory, with the server's account.
    pub(super) fn spawn(bin: &Path, settings: &[(String, String)]) -> Result<Self, ScratchError> {
        let account = account::server_account(account::effective_uid()?)?;
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SCRIPT, "howdah-scratch"])
            .arg(account::base_directory(account)?)
            .arg(bin);
        for (name, value) in settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        // Settings in the owner's environment for the language or for other servers must not affect this one.
        for (name, _) in env::vars_os() {
            if LANGUAGE.iter().any(|known| name == *known)
                || name.as_encoded_bytes().starts_with(b"PG")
            {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C").current_dir("/");
        if let Some(account) = account {
            // From root, this also drops the supplementary groups.
            command.uid(account.uid).gid(account.gid);
        }
        // A separate process group: Ctrl-C reaches the owner, and the supervisor notices the owner's end.
        command
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command
            .spawn()
            .map_err(|error| ScratchError::io("run /bin/sh", error))?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().map(BufReader::new));
        let mut supervisor = Self {
            child,
            stdin,
            stdout,
            home: PathBuf::new(),
            account,
        };
        supervisor.home = PathBuf::from(supervisor.answer("home", "make a temporary directory")?);
        Ok(supervisor)
    }

    /// The server's own directory: it holds the socket, the log and [`data`](Self::data).
    pub(in crate::scratch) fn home(&self) -> &Path {
        &self.home
    }

    /// The cluster's data directory.
    pub(super) fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// The account that needs to own files for the server, if it is not the owner's.
    pub(super) fn account(&self) -> Option<Account> {
        self.account
    }

    /// Creates a new cluster in [`data`](Self::data).
    pub(super) fn initdb(&mut self) -> Result<(), ScratchError> {
        self.say("initdb")?;
        let status = self.answer("initdb", "run initdb")?;
        if status == "0" {
            Ok(())
        } else {
            Err(self.failure("run initdb"))
        }
    }

    /// Starts the server on [`data`](Self::data); it may not be ready yet.
    pub(super) fn start(&mut self) -> Result<ServerEnd, ScratchError> {
        self.say("start")?;
        let ended = Arc::new(AtomicBool::new(false));
        if let Some(mut stdout) = self.stdout.take() {
            let flag = Arc::clone(&ended);
            let watch = move || {
                let mut rest = String::new();
                // The server writes nothing to this pipe, so a read ends only with its end or an error.
                while stdout.read_line(&mut rest).is_ok_and(|length| length > 0) {}
                flag.store(true, Ordering::Release);
            };
            thread::Builder::new()
                .name("howdah-scratch-watch".to_owned())
                .spawn(watch)
                .map_err(|error| ScratchError::io("start a thread", error))?;
        }
        Ok(ServerEnd(ended))
    }

    /// The error of a failed step, with the end of the server's log.
    pub(super) fn failure(&self, doing: &'static str) -> ScratchError {
        let log = fs::read(self.home.join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        let tail = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n");
        Kind::Start { doing, log: tail }.into()
    }

    fn say(&mut self, command: &str) -> Result<(), ScratchError> {
        let Some(stdin) = &mut self.stdin else {
            return Ok(());
        };
        writeln!(stdin, "{command}")
            .map_err(|error| ScratchError::io("speak to the supervisor", error))
    }

    /// Waits for the line `<word> <rest>`, and returns the rest.
    fn answer(&mut self, word: &str, doing: &'static str) -> Result<String, ScratchError> {
        let mut line = String::new();
        if let Some(stdout) = &mut self.stdout {
            stdout
                .read_line(&mut line)
                .map_err(|error| ScratchError::io(doing, error))?;
        }
        match line.trim_end().split_once(' ') {
            Some((first, rest)) if first == word => Ok(rest.to_owned()),
            _ => Err(Kind::Start { doing, log: line }.into()),
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // Errors are ignored: the supervisor cleans up by itself.
        let _ = self.child.wait();
    }
}

/// Knows when the server has ended.
#[derive(Debug)]
pub(super) struct ServerEnd(Arc<AtomicBool>);

impl ServerEnd {
    pub(super) fn has_come(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
