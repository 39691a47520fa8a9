//! The cost of an operation in numbers that do not depend on the load of the machine: user instructions, counted by
//! valgrind, and system calls, counted by strace. Each is the difference of two runs of the command `once`, with N and
//! 2 N operations, which leaves out the cost of starting and connecting.

use std::path::PathBuf;
use std::process::Command;

use crate::peers::Failure;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// User instructions.
    Instructions,
    /// System calls that send or receive. The number of polls depends on when the server answers, and is not counted.
    SystemCalls,
}

/// The cost of one operation of the peer and the case with these numbers.
///
/// # Errors
///
/// When the tool is missing, or the operation fails.
pub fn each(
    counter: Counter,
    url: &str,
    peer: usize,
    case: usize,
    times: usize,
) -> Result<f64, Failure> {
    let few = run(counter, url, [peer, case, times])?;
    let all = run(counter, url, [peer, case, times * 2])?;
    Ok(all.saturating_sub(few) as f64 / times as f64)
}

fn run(counter: Counter, url: &str, arguments: [usize; 3]) -> Result<u64, Failure> {
    let mut command = match counter {
        Counter::Instructions => {
            let mut valgrind = Command::new("valgrind");
            valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
            valgrind
        }
        Counter::SystemCalls => {
            let mut strace = Command::new("strace");
            let moved = "trace=%network,read,readv,write,writev";
            strace.args(["-f", "-c", "-U", "calls", "-e", moved]);
            strace
        }
    };
    let output = command
        .arg(once()?)
        .args(arguments.map(|number| number.to_string()))
        .env("DATABASE_URL", url)
        .output()
        .map_err(|error| format!("{:?}: {error}", command.get_program()))?;
    let report = String::from_utf8(output.stderr)?;
    let total = match counter {
        Counter::Instructions => report
            .lines()
            .find_map(|line| line.split_once("Collected : "))
            .map(|(_, total)| total),
        // The last line is the sum of the column.
        Counter::SystemCalls => report.lines().last(),
    };
    match total.and_then(|total| total.trim().split(' ').next()?.parse().ok()) {
        Some(total) if output.status.success() => Ok(total),
        _ => Err(format!("{:?} counted nothing:\n{report}", command.get_program()).into()),
    }
}

/// The command `once`, in the same folder as this one.
fn once() -> Result<PathBuf, Failure> {
    Ok(std::env::current_exe()?.with_file_name("once"))
}
