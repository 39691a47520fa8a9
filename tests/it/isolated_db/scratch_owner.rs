//! However the owner of a scratch server ends, its process and its directory go with it.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use howdah_codegen::scratch::Server;

/// Makes the test binary, run again, the owner of a server.
const OWNER: &str = "HOWDAH_TEST_OWNER";

/// A server's traces outside of its owner.
struct Traces {
    dir: PathBuf,
    postmaster: String,
}

impl Traces {
    fn of(dir: &Path) -> Self {
        let pid_file = fs::read_to_string(dir.join("data/postmaster.pid")).unwrap();
        Self {
            dir: dir.to_owned(),
            postmaster: pid_file.lines().next().unwrap().to_owned(),
        }
    }

    fn process_runs(&self) -> bool {
        let script = "kill -0 \"$1\" 2>/dev/null";
        Command::new("sh")
            .args(["-c", script, "sh", &self.postmaster])
            .status()
            .unwrap()
            .success()
    }

    fn are_gone(&self) -> bool {
        !self.dir.exists() && !self.process_runs()
    }

    /// Waits until nothing is left.
    #[track_caller]
    fn wait_until_gone(&self) {
        wait_for(&format!("{} is gone", self.dir.display()), || {
            self.are_gone()
        });
    }
}

/// Waits until `condition` holds, for as long as the slowest machine may need.
#[track_caller]
fn wait_for(what: &str, condition: impl Fn() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < Duration::from_secs(30), "never: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// This binary's test `name` as the owner of a server, in a process group of its own.
fn owner_of(name: &str) -> Command {
    let mut owner = Command::new(env::current_exe().unwrap());
    owner
        .args([
            &format!("isolated_db::scratch_owner::{name}"),
            "--exact",
            "--nocapture",
        ])
        .env(OWNER, "yes")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0);
    owner
}

/// Runs the owner until its server runs.
fn spawn_owner(name: &str) -> (Child, Traces) {
    let mut owner = owner_of(name).spawn().unwrap();
    let mut lines = BufReader::new(owner.stdout.take().unwrap()).lines();
    let dir = lines.find_map(|line| {
        line.unwrap()
            .split_once("socket: ")
            .map(|(_, dir)| dir.to_owned())
    });
    let traces = Traces::of(Path::new(&dir.unwrap()));
    assert!(traces.process_runs());
    (owner, traces)
}

/// Starts a server, says where, and waits to be ended; or ends by itself when its stdin is closed.
fn own() {
    let server = Server::shared().unwrap();
    let _database = server.database().unwrap();
    println!("socket: {}", server.socket_dir().display());
    let mut rest = String::new();
    std::io::stdin().read_to_string(&mut rest).unwrap();
}

fn signal(signal: &str, target: &str) {
    let script = "kill -s \"$1\" -- \"$2\"";
    assert!(
        Command::new("sh")
            .args(["-c", script, "sh", signal, target])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn roots_server_runs_as_somebody_else_and_anybodys_as_themselves() {
    let server = Server::start().unwrap();
    let own = tempfile::tempfile().unwrap().metadata().unwrap().uid();
    let dir = fs::metadata(server.socket_dir()).unwrap();
    assert_eq!(dir.uid() == own, own != 0);
    assert_eq!(dir.mode() & 0o777, 0o700);
}

#[test]
fn a_stopped_server_leaves_nothing() {
    let server = Server::start().unwrap();
    let traces = Traces::of(server.socket_dir());
    let database = server.database().unwrap();
    drop(server);
    assert!(traces.process_runs(), "a database keeps its server");
    drop(database);
    assert!(traces.are_gone());
}

#[test]
fn a_panicking_owner_leaves_nothing() {
    let server = Server::start().unwrap();
    let traces = Traces::of(server.socket_dir());
    let panicked = thread::spawn(move || {
        let _database = server.database().unwrap();
        std::panic::resume_unwind(Box::new("on purpose"));
    });
    assert!(panicked.join().is_err());
    assert!(traces.are_gone());
}

#[test]
fn a_killed_owner_leaves_nothing() {
    if env::var_os(OWNER).is_some() {
        return own();
    }
    let (mut owner, traces) = spawn_owner("a_killed_owner_leaves_nothing");
    signal("KILL", &owner.id().to_string());
    owner.wait().unwrap();
    traces.wait_until_gone();
}

#[test]
fn an_owner_killed_while_the_cluster_is_made_leaves_nothing() {
    if env::var_os(OWNER).is_some() {
        return own();
    }
    let (base, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // Root's server runs as somebody else.
    fs::set_permissions(base.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let mut owner = owner_of("an_owner_killed_while_the_cluster_is_made_leaves_nothing")
        .env("TMPDIR", base.path())
        .env("XDG_CACHE_HOME", cache.path())
        .spawn()
        .unwrap();
    let homes = || {
        let entries = fs::read_dir(base.path()).unwrap().flatten();
        let mut homes = entries.map(|entry| entry.path());
        homes.find(|path| path.join("log").exists())
    };
    wait_for("a cluster is being made", || homes().is_some());
    signal("KILL", &owner.id().to_string());
    owner.wait().unwrap();
    wait_for("nothing is left", || homes().is_none());
}

#[test]
fn an_interrupted_process_group_leaves_nothing() {
    if env::var_os(OWNER).is_some() {
        return own();
    }
    let (mut owner, traces) = spawn_owner("an_interrupted_process_group_leaves_nothing");
    signal("INT", &format!("-{}", owner.id()));
    owner.wait().unwrap();
    traces.wait_until_gone();
}

#[test]
fn the_shared_server_ends_with_its_process() {
    if env::var_os(OWNER).is_some() {
        return own();
    }
    let (mut owner, traces) = spawn_owner("the_shared_server_ends_with_its_process");
    drop(owner.stdin.take());
    owner.wait().unwrap();
    traces.wait_until_gone();
}
