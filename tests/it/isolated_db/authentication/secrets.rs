//! Where a password is in memory: once in the pool, where it is wiped, and not in sessions. The test searches the
//! memory of a separate process, which gets the password backwards.

use std::{
    fs::{self, File},
    hint::black_box,
    io::{BufRead, BufReader, Lines, Write},
    os::unix::fs::FileExt,
    process::{Child, ChildStdout, Command, Stdio},
};

use howdah::Pool;

use super::{Guarded, ROLES};

const TEST: &str =
    "isolated_db::authentication::secrets::a_password_is_in_memory_once_and_is_wiped";

/// The password backwards, in the process that is searched.
const BACKWARDS: &str = "HOWDAH_TEST_SECRETS_BACKWARDS";

/// The folder of the server's socket, there too.
const SOCKET: &str = "HOWDAH_TEST_SECRETS_SOCKET";

/// The text that the process prints when it waits to be searched, after any output of the test harness.
const SEARCH: &str = "to be searched: ";

/// How many connections it opens.
const CONNECTIONS: usize = 20;

#[tokio::test]
async fn a_password_is_in_memory_once_and_is_wiped() {
    if let Ok(backwards) = std::env::var(BACKWARDS) {
        return be_searched(&backwards).await;
    }
    let password = format!("secret-{}-of-the-test", std::process::id());
    let server = Guarded::start(&password).await;
    let mut searched = Searched::start(&password, &server);
    searched.has("begun", 0..=0);
    for form in ["url", "keywords"] {
        searched.has(form, 1..=1);
        searched.has("dropped", 0..=0);
    }
    for role in ROLES {
        searched.has(role, 1..=1);
        searched.has("dropped", 0..=0);
    }
    assert!(searched.child.wait().unwrap().success());
}

/// The process that knows the password.
struct Searched {
    child: Child,
    says: Lines<BufReader<ChildStdout>>,
    password: String,
}

impl Searched {
    fn start(password: &str, server: &Guarded) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", TEST, "--nocapture"])
            .env(BACKWARDS, password.chars().rev().collect::<String>())
            .env(SOCKET, server.server.socket_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            says: BufReader::new(child.stdout.take().unwrap()).lines(),
            child,
            password: password.to_owned(),
        }
    }

    /// Waits until the process is at `point`, checks the number of copies, and lets it continue.
    fn has(&mut self, point: &str, copies: std::ops::RangeInclusive<usize>) {
        let at = self.says.find_map(|line| {
            let line = line.unwrap();
            Some(line.split_once(SEARCH)?.1.to_owned())
        });
        assert_eq!(at.as_deref(), Some(point));
        let found = self.copies();
        assert!(copies.contains(&found), "{point}: {found} copies");
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// The number of copies of the password in its writable memory.
    fn copies(&self) -> usize {
        let process = format!("/proc/{}", self.child.id());
        let memory = File::open(format!("{process}/mem")).unwrap();
        let mappings = fs::read_to_string(format!("{process}/maps")).unwrap();
        let mut found = 0;
        for mapping in mappings.lines() {
            let mut words = mapping.split(' ');
            let (range, rights) = (words.next().unwrap(), words.next().unwrap());
            if !rights.starts_with("rw") {
                continue;
            }
            let (start, end) = range.split_once('-').unwrap();
            let number = |text| u64::from_str_radix(text, 16).unwrap();
            let (start, end) = (number(start), number(end));
            let mut bytes = vec![0; (end - start) as usize];
            // What cannot be read are the kernel's own pages.
            if memory.read_exact_at(&mut bytes, start).is_ok() {
                let windows = bytes.windows(self.password.len());
                found += windows.filter(|w| *w == self.password.as_bytes()).count();
            }
        }
        found
    }
}

impl Drop for Searched {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// What the process does.
async fn be_searched(backwards: &str) {
    let socket = std::env::var(SOCKET).unwrap();
    search("begun");
    for form in ["url", "keywords"] {
        let pool = pool(form, "scram", backwards, &socket);
        search(form);
        drop(pool);
        search("dropped");
    }
    for role in ROLES {
        let pool = pool("url", role, backwards, &socket);
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            connections.push(pool.get().await.unwrap());
        }
        search(role);
        drop(connections);
        drop(pool);
        search("dropped");
    }
}

/// Waits until the memory was searched.
fn search(point: &str) {
    println!("{SEARCH}{point}");
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

/// A pool that is given the password in a text, which is wiped.
fn pool(form: &str, role: &str, backwards: &str, socket: &str) -> Pool {
    let (before, after) = match form {
        "url" => (
            format!("postgres://{role}:"),
            format!("@/postgres?host={socket}"),
        ),
        _ => (
            format!("user={role} password='"),
            format!("' dbname=postgres host={socket}"),
        ),
    };
    // It must not grow, and leave the password where it was before.
    let mut text = String::with_capacity(1_000);
    text.push_str(&before);
    text.extend(backwards.chars().rev());
    text.push_str(&after);
    let builder = Pool::builder(&text).unwrap();
    black_box(&mut text.into_bytes()).fill(0);
    builder.max_size(CONNECTIONS).build().unwrap()
}
