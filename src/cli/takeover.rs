//! `otklik takeover`: this machine serves the school from now on. Its mark in Sent tells another one that still runs to stop; sending begins when that
//! one must have seen it.

use super::loaded;
use crate::clock::Clock;
use crate::daemon;
use crate::jobs::take_over;
use anyhow::{Context, Result};
use serde_json::json;
use std::io::Write;
use std::path::Path;

/// Takes over.
pub(super) fn run(config: &Path, json: bool, out: &mut impl Write) -> Result<()> {
    let settings = loaded(config)?.settings;
    // A daemon of this machine would go on with the old epoch.
    let lock = daemon::lock(&settings)?;
    let school = daemon::open(settings.clone()).context("opening the database")?;
    let mut mailbox = daemon::mailbox_of(&settings);
    let (epoch, until) =
        super::runtime()?.block_on(take_over(&school, &mut mailbox, Clock::System.now())).context("laying the mark of the takeover into Sent")?;
    drop(lock);
    let until = until.with_timezone(&settings.worktime.zone).format("%H:%M:%S");
    if json {
        writeln!(out, "{}", json!({"epoch": epoch, "sending_from": until.to_string()}))?;
    } else {
        writeln!(out, "this machine serves {} now (epoch {epoch})", settings.school)?;
        writeln!(out, "start it: systemctl start otklik. Letters leave from {until} on: until then another machine that still runs sees the mark and stops.")?;
    }
    Ok(())
}
