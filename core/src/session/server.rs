//! The server that a session is with.

/// The parameters that a server reports at the start of a session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Server {
    /// The major version; 0 if a proxy does not report it.
    pub(crate) version: u32,
    pub(crate) standby: Option<bool>,
    pub(crate) read_only: Option<bool>,
}

impl Server {
    /// Reads the parameters that a server reports. From version 14 on, servers report whether they are a standby;
    /// proxies may not.
    pub(crate) fn new<'p>(parameter: impl Fn(&str) -> Option<&'p str>) -> Self {
        let digits = |version: &'p str| version.split(|c: char| !c.is_ascii_digit()).next();
        let is_on = |name| parameter(name).map(|value| value == "on");
        let standby = is_on("in_hot_standby");
        Self {
            version: parameter("server_version")
                .and_then(digits)
                .and_then(|major| major.parse().ok())
                .unwrap_or(0),
            standby,
            read_only: match (standby, is_on("default_transaction_read_only")) {
                (Some(standby), Some(read_only)) => Some(standby || read_only),
                _ => None,
            },
        }
    }
}
