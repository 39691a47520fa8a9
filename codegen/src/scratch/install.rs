//! What to install when PostgreSQL or one of its extensions is missing: the command of this system, chosen by
//! `/etc/os-release`. Nothing is installed or run here.

use std::fs;

/// The operating systems whose packages this module knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    Debian,
    Fedora,
    Alpine,
    Arch,
    Suse,
    MacOs,
    Other,
}

impl System {
    /// The system this process runs on.
    pub(super) fn current() -> Self {
        if cfg!(target_os = "macos") {
            return Self::MacOs;
        }
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        Self::from_os_release(&release)
    }

    /// Reads `ID` and `ID_LIKE`, so that derived distributions are known by their parents.
    fn from_os_release(text: &str) -> Self {
        let value = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key))?;
            line.strip_prefix('=')
                .map(|value| value.trim().trim_matches(['"', '\'']).to_owned())
        };
        let names = [value("ID"), value("ID_LIKE")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        names
            .split_whitespace()
            .find_map(|name| match name {
                "debian" | "ubuntu" => Some(Self::Debian),
                "fedora" | "rhel" | "centos" | "amzn" => Some(Self::Fedora),
                "alpine" => Some(Self::Alpine),
                "arch" => Some(Self::Arch),
                "suse" | "opensuse" | "sles" => Some(Self::Suse),
                _ => None,
            })
            .unwrap_or(Self::Other)
    }

    fn command(self, package: &str) -> String {
        match self {
            Self::Debian => format!("apt-get install {package}"),
            Self::Fedora => format!("dnf install {package}"),
            Self::Alpine => format!("apk add {package}"),
            Self::Arch => format!("pacman -S {package}"),
            Self::Suse => format!("zypper install {package}"),
            Self::MacOs | Self::Other => format!("brew install {package}"),
        }
    }
}

/// How to install the server's binaries.
pub(super) fn server_advice(system: &System) -> String {
    let package = match system {
        System::Debian | System::MacOs => "postgresql",
        System::Fedora | System::Suse => "postgresql-server",
        System::Alpine => "postgresql postgresql-contrib",
        System::Arch => "postgresql",
        System::Other => {
            return "install the PostgreSQL server, or set HOWDAH_PG_BIN to the directory that holds \
                    its `initdb` and `postgres`"
                .to_owned();
        }
    };
    format!(
        "install it with `{}`, or set HOWDAH_PG_BIN to its directory",
        system.command(package)
    )
}

/// How to install the extension `name` for a server of version `major`.
pub(super) fn extension_advice(system: System, name: &str, major: u32) -> String {
    if system == System::Other {
        return format!("install the package that holds \"{name}\" for PostgreSQL {major}");
    }
    let package = match family(name) {
        Family::Contrib => contrib_package(system, major),
        Family::PostGis => match system {
            System::Debian => format!("postgresql-{major}-postgis-3"),
            System::Suse => format!("postgresql{major}-postgis"),
            _ => "postgis".to_owned(),
        },
        Family::Vector => match system {
            System::Debian => format!("postgresql-{major}-pgvector"),
            System::Alpine => "postgresql-pgvector".to_owned(),
            _ => "pgvector".to_owned(),
        },
        Family::Unknown if system == System::Debian => {
            return format!(
                "look for its package with `apt-cache search postgresql-{major} {name}`"
            );
        }
        Family::Unknown => {
            return format!("install the package that holds \"{name}\" for PostgreSQL {major}");
        }
    };
    format!("install it with `{}`", system.command(&package))
}

enum Family {
    Contrib,
    PostGis,
    Vector,
    Unknown,
}

fn family(extension: &str) -> Family {
    match extension {
        "vector" => Family::Vector,
        _ if extension.starts_with("postgis") => Family::PostGis,
        _ if CONTRIB.contains(&extension) => Family::Contrib,
        _ => Family::Unknown,
    }
}

fn contrib_package(system: System, major: u32) -> String {
    match system {
        System::Debian => format!("postgresql-{major}"),
        System::Fedora | System::Alpine | System::Suse => "postgresql-contrib".to_owned(),
        System::Arch | System::MacOs | System::Other => "postgresql".to_owned(),
    }
}

/// The extensions in PostgreSQL's own source (Appendix F of its manual).
const CONTRIB: &[&str] = &[
    "amcheck",
    "autoinc",
    "bloom",
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "dblink",
    "dict_int",
    "dict_xsyn",
    "earthdistance",
    "file_fdw",
    "fuzzystrmatch",
    "hstore",
    "insert_username",
    "intarray",
    "isn",
    "lo",
    "ltree",
    "moddatetime",
    "pageinspect",
    "pg_buffercache",
    "pg_freespacemap",
    "pg_prewarm",
    "pg_stat_statements",
    "pg_surgery",
    "pg_trgm",
    "pg_visibility",
    "pg_walinspect",
    "pgcrypto",
    "pgrowlocks",
    "pgstattuple",
    "postgres_fdw",
    "refint",
    "seg",
    "sslinfo",
    "tablefunc",
    "tcn",
    "tsm_system_rows",
    "tsm_system_time",
    "unaccent",
    "uuid-ossp",
    "xml2",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_known_by_id_or_by_parent() {
        let cases = [
            ("NAME=x\nID=debian\n", System::Debian),
            ("ID=pop\nID_LIKE=\"ubuntu debian\"\n", System::Debian),
            (
                "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
                System::Fedora,
            ),
            ("ID=alpine\n", System::Alpine),
            ("ID='arch'\n", System::Arch),
            (
                "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n",
                System::Suse,
            ),
            ("", System::Other),
        ];
        for (text, expected) in cases {
            assert_eq!(System::from_os_release(text), expected, "{text}");
        }
    }

    #[test]
    fn the_server_is_installed_by_the_systems_own_command() {
        assert!(server_advice(&System::Debian).contains("`apt-get install postgresql`"));
        assert!(server_advice(&System::Fedora).contains("`dnf install postgresql-server`"));
        assert!(server_advice(&System::MacOs).contains("`brew install postgresql`"));
        assert!(server_advice(&System::Other).contains("HOWDAH_PG_BIN"));
    }

    #[test]
    fn extensions_are_named_for_the_servers_version() {
        assert_eq!(
            extension_advice(System::Debian, "postgis_topology", 15),
            "install it with `apt-get install postgresql-15-postgis-3`"
        );
        assert_eq!(
            extension_advice(System::Alpine, "pg_trgm", 16),
            "install it with `apk add postgresql-contrib`"
        );
        assert!(extension_advice(System::Debian, "timescaledb", 17).contains("apt-cache search"));
    }
}
