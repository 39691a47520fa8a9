//! Servers that can be killed, started again and followed by a standby.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use howdah::{Pool, Value, query};
use howdah_codegen::scratch::{Database, Server};

use crate::waiting::wait_until;

/// A server that can be killed and started again.
pub(super) struct Mortal {
    again: Option<Child>,
    data: PathBuf,
    owner: Owner,
    bin: PathBuf,
    pub(super) database: Database,
}

/// The owner of the server's processes and files.
#[derive(Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

impl Owner {
    /// A command that runs as this user.
    fn command(self, program: PathBuf) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        if self.uid != std::fs::metadata("/proc/self").unwrap().uid() {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }
}

/// What each start says on top of the scratch server's own settings.
const SETTINGS: [(&str, &str); 4] = [
    ("max_connections", "12"),
    ("synchronous_commit", "on"),
    ("wal_level", "replica"),
    ("max_wal_senders", "4"),
];

impl Mortal {
    pub(super) async fn start() -> Self {
        let settings = SETTINGS.iter();
        let server = settings.fold(Server::builder(), |server, (name, value)| {
            server.setting(*name, *value)
        });
        let server = server.start().unwrap();
        let database = server.database().unwrap();
        let home = std::fs::metadata(server.socket_dir()).unwrap();
        let pool = Pool::connect(database.url()).await.unwrap();
        let bin = query("select setting from pg_config where name = 'BINDIR'")
            .fetch_one::<Value<String>>(&pool)
            .await
            .unwrap();
        Self {
            again: None,
            data: server.socket_dir().join("data"),
            owner: Owner {
                uid: home.uid(),
                gid: home.gid(),
            },
            bin: PathBuf::from(bin),
            database,
        }
    }

    /// The directory of its socket.
    pub(super) fn home(&self) -> &Path {
        self.data.parent().unwrap()
    }

    /// Makes a standby of it, which follows it until it is told otherwise.
    pub(super) fn standby(&self) -> Standby {
        let home = self.home().join("standby");
        let data = home.join("data");
        let mut copy = self.owner.command(self.bin.join("pg_basebackup"));
        copy.args(["-h".as_ref(), self.home().as_os_str()])
            .args([
                "-U",
                "postgres",
                "--checkpoint=fast",
                "--write-recovery-conf",
                "--no-sync",
            ])
            .args(["-D".as_ref(), data.as_os_str()])
            .stderr(Stdio::null());
        assert!(copy.status().unwrap().success());
        let process = spawn(self.owner, &self.bin, &data, &home);
        Standby { home, process }
    }

    fn postmaster(&self) -> String {
        self.running().unwrap()
    }

    /// The server's process. One that has ended by itself has taken the file away.
    fn running(&self) -> Option<String> {
        let file = std::fs::read_to_string(self.data.join("postmaster.pid")).ok()?;
        Some(file.lines().next()?.to_owned())
    }

    /// Lets the server's processes make no file larger than this.
    pub(super) fn limit_files(&self, bytes: Option<u64>) {
        // Those to come have the limit of their parent.
        self.limit(&[self.postmaster()], bytes);
        self.limit_children(bytes);
    }

    /// The same for those processes that there are now, which are returned, and not for those that follow them.
    pub(super) fn limit_children(&self, bytes: Option<u64>) -> Vec<String> {
        let children = children(&self.postmaster());
        self.limit(&children, bytes);
        children
    }

    fn limit(&self, processes: &[String], bytes: Option<u64>) {
        let soft = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        for pid in processes {
            // The owner of a process may set its limits.
            let mut limit = self.owner.command("prlimit".into());
            limit.args(["--pid", pid, &format!("--fsize={soft}:unlimited")]);
            let output = limit.stderr(Stdio::piped()).output().unwrap();
            // Some end by themselves.
            let done = output.status.success() || !runs(pid);
            assert!(done, "{output:?}");
        }
    }

    /// Waits until the server has ended by itself.
    pub(super) async fn ended(&mut self) {
        let running: Vec<String> = self.running().into_iter().collect();
        gone(&running).await;
        if let Some(mut again) = self.again.take() {
            again.wait().unwrap();
        }
    }

    /// Kills the server and all its processes at once.
    pub(super) fn kill(&mut self) {
        let postmaster = self.postmaster();
        let children = children(&postmaster);
        kill("KILL", &postmaster);
        if let Some(mut again) = self.again.take() {
            again.wait().unwrap();
        }
        while children.iter().any(|child| runs(child)) {
            std::thread::sleep(Duration::from_millis(1));
        }
        // The process has not been waited for yet, so it still seems to exist.
        for lock in ["postmaster.pid", "../.s.PGSQL.5432.lock"] {
            let _ = std::fs::remove_file(self.data.join(lock));
        }
    }

    /// Starts the server on the same data.
    pub(super) fn start_again(&mut self) {
        self.again = Some(spawn(self.owner, &self.bin, &self.data, self.home()));
    }

    pub(super) fn pool(&self) -> Pool {
        Pool::builder(self.database.url())
            .unwrap()
            .max_size(4)
            .build()
            .unwrap()
    }
}

impl Drop for Mortal {
    fn drop(&mut self) {
        if let Some(again) = &mut self.again {
            kill("QUIT", &again.id().to_string());
            let _ = again.wait();
        }
    }
}

/// A running standby.
pub(super) struct Standby {
    home: PathBuf,
    process: Child,
}

impl Standby {
    /// The directory of its socket.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        kill("QUIT", &self.process.id().to_string());
        let _ = self.process.wait();
    }
}

/// Starts a server on `data` with its socket in `home`, and waits until it listens.
fn spawn(owner: Owner, bin: &Path, data: &Path, home: &Path) -> Child {
    let log = home.join("again.log");
    let mut command = owner.command(bin.join("postgres"));
    command
        .args(["-D".as_ref(), data.as_os_str()])
        .args(["-k".as_ref(), home.as_os_str()])
        .args(["-c", "listen_addresses="])
        .stderr(std::fs::File::create(&log).unwrap());
    for (name, value) in SETTINGS {
        command.args(["-c", &format!("{name}={value}")]);
    }
    let process = command.spawn().unwrap();
    let began = Instant::now();
    while std::os::unix::net::UnixStream::connect(home.join(".s.PGSQL.5432")).is_err() {
        let log = std::fs::read_to_string(&log).unwrap_or_default();
        assert!(began.elapsed() < Duration::from_secs(20), "{log}");
        std::thread::sleep(Duration::from_millis(5));
    }
    process
}

/// The second and third words of a process's state in `/proc`, after its name: how it is, and its parent.
fn state(pid: &str) -> Option<(String, String)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut words = stat.rsplit_once(')')?.1.split_whitespace();
    Some((words.next()?.to_owned(), words.next()?.to_owned()))
}

fn runs(pid: &str) -> bool {
    state(pid).is_some_and(|(how, _)| how != "Z")
}

/// Waits until none of these processes runs any more.
pub(super) async fn gone(processes: &[String]) {
    let are_gone = async || !processes.iter().any(|pid| runs(pid));
    wait_until(&format!("{processes:?} end"), are_gone).await;
}

fn children(parent: &str) -> Vec<String> {
    let all = std::fs::read_dir("/proc").unwrap();
    all.filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter(|pid| state(pid).is_some_and(|(_, of)| of == parent))
        .collect()
}

pub(super) fn kill(signal: &str, pid: &str) {
    let script = "kill -s \"$1\" \"$2\"";
    Command::new("sh")
        .args(["-c", script, "sh", signal, pid])
        .status()
        .unwrap();
}
