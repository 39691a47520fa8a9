//! The memory of this process, from Linux.

use std::fs;

use crate::peers::Failure;

/// The resident bytes.
///
/// # Errors
///
/// When the system does not tell it.
pub fn resident() -> Result<u64, Failure> {
    status("VmRSS:")
}

/// The most resident bytes since [`forget_peak`].
///
/// # Errors
///
/// When the system does not tell it.
pub fn peak() -> Result<u64, Failure> {
    status("VmHWM:")
}

/// Resets [`peak`].
///
/// # Errors
///
/// When the system does not allow it.
pub fn forget_peak() -> Result<(), Failure> {
    Ok(fs::write("/proc/self/clear_refs", "5")?)
}

fn status(field: &str) -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB"));
    let kilobytes = kilobytes.ok_or_else(|| format!("no {field} in /proc/self/status"))?;
    Ok(kilobytes.trim().parse::<u64>()? * 1024)
}
