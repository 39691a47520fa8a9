//! What the options choose between. Plain values; what follows from them is in `resolved`.

/// Where facts may come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Wherever the options say.
    Any,
    /// The lock file alone.
    Lock,
}

/// Whether the modules are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Modules {
    /// By the command and by build scripts.
    Always,
    /// Not by the command.
    InBuildScripts,
}

/// Whether the lock file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LockUpdates {
    /// By the command, not by build scripts.
    ByCommand,
    /// Always.
    Always,
}
