//! `otklik due`: when a term ends and why, day by day.

use super::WrongUse;
use crate::settings::Settings;
use crate::worktime::Term;
use anyhow::Result;
use chrono::{DateTime, NaiveDateTime, Utc};
use std::io::Write;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Due {
    /// Receipt: RFC 3339, or local to the zone: 2026-11-20T22:00
    #[arg(long, value_name = "TIME")]
    received: String,
    /// 3bd, 24h, 30m; working hours with w: 24hw
    #[arg(long, default_value = "3bd")]
    term: String,
    /// IANA name; otherwise the school's
    #[arg(long)]
    zone: Option<String>,
}

/// A moment: with an offset, or on the zone's wall clock.
pub(super) fn moment(text: &str, settings: &Settings) -> Result<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    let local = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok())
        .or_else(|| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|d| d.and_time(chrono::NaiveTime::MIN)));
    let local = local.ok_or_else(|| WrongUse(format!("«{text}» is no time; write 2026-11-20T22:00 (local) or 2026-11-20T22:00:00+03:00")))?;
    Ok(settings.worktime.local(local.date(), local.time()))
}

impl Due {
    pub(super) fn run(self, settings: &Settings, json: bool, out: &mut impl Write) -> Result<()> {
        let mut settings = settings.clone();
        if let Some(zone) = &self.zone {
            settings.worktime.zone = zone.parse().map_err(|_| WrongUse(format!("«{zone}» is no IANA time zone; write, for example, Asia/Yekaterinburg")))?;
        }
        let zone = settings.worktime.zone;
        let received = moment(&self.received, &settings)?;
        let term: Term = self.term.parse().map_err(|e| WrongUse(format!("--term {}: {e}", self.term)))?;
        let due = settings.worktime.due(received, term);
        if json {
            let days: Vec<_> = due.days.iter().map(|d| serde_json::json!({"date": d.date, "counted": d.counted, "reason": d.reason})).collect();
            let row = serde_json::json!({
                "received": received.with_timezone(&zone).to_rfc3339(),
                "zone": zone.name(),
                "term": term.to_string(),
                "due": due.at.with_timezone(&zone).to_rfc3339(),
                "due_date": due.date,
                "provisional": due.provisional,
                "days": days,
            });
            writeln!(out, "{row}")?;
            return Ok(());
        }
        writeln!(out, "received  {}", received.with_timezone(&zone).format("%Y-%m-%d %H:%M %Z"))?;
        for day in &due.days {
            let mark = if day.counted { '+' } else { '·' };
            writeln!(out, "  {mark} {}  {}", day.date, day.reason)?;
        }
        let provisional = if due.provisional {
            "  (предварительно: производственного календаря на этот год ещё нет)"
        } else {
            ""
        };
        writeln!(out, "due       {}{provisional}", due.at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %Z"))?;
        Ok(())
    }
}
