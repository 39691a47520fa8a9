//! The values of the options. Their consequences are in `resolved`.

/// The source of the schema and of the queries' descriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The source that the options say.
    Any,
    /// Only the lock file.
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
